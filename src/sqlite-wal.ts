import type { DatabaseSync } from 'node:sqlite';

const BUSY = 5;
const LONGEST = 10_000;
const AGAIN = 20;

/**
 * Puts a SQLite file into WAL mode. Two processes that make the same file at once collide here, and for this one step
 * SQLite does not wait as it does elsewhere (seen: "database is locked" at once), so the waiting is done here, for 10 s.
 */
export function writeAhead(db: DatabaseSync): void {
  const until = performance.now() + LONGEST;
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === BUSY;
      if (!busy || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN);
    }
  }
}
