import { closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { meaningOf } from './faults.js';

/** Pages that are copied at a time, of 4 KiB each, and the milliseconds that others then have the disk: up to 150 MB/s. */
const PAGES = 256;
const PACE = 5;

/** How long a process that opens or recovers the file is waited for, in milliseconds. */
const TIMEOUT = 10_000;

/**
 * Copies a SQLite file as it is at this moment, while other processes write: they never wait for it. The copy is one file
 * without a WAL, for its owner alone, on the disk when this answers. Blocks the event loop between two steps.
 *
 * The read transaction is what makes it end: without one SQLite begins a copy anew whenever somebody else has written
 * (seen: 553 times in 5 s). `VACUUM INTO` holds no writer back either, but takes the whole disk while it lasts.
 * @param remedy what the operator does when it is damaged
 * @param progress bytes done, and all of them
 * @throws Error when `to` exists, DamagedFile, StoreUnavailable
 */
export async function copySqlite(from: string, to: string, remedy: string, progress: (done: number, total: number) => void): Promise<void> {
  try {
    await copy(from, to, progress);
  } catch (error) {
    throw meaningOf(error, from, remedy);
  }
}

async function copy(from: string, to: string, progress: (done: number, total: number) => void): Promise<void> {
  closeSync(openSync(to, 'wx', 0o600)); // made here for its mode; SQLite gives the same to the files beside it
  const source = new DatabaseSync(from, { readOnly: true, timeout: TIMEOUT });
  try {
    source.exec('BEGIN');
    // the transaction begins with what is read
    const { size } = source.prepare('SELECT page_size AS size FROM pragma_page_size, (SELECT count(*) FROM sqlite_schema)').get() as { size: number };
    await backup(source, to, {
      rate: PAGES,
      progress({ remainingPages, totalPages }) {
        progress((totalPages - remainingPages) * size, totalPages * size);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PACE);
      },
    });
  } finally {
    source.close();
  }
  const made = new DatabaseSync(to);
  try {
    made.exec('PRAGMA journal_mode = DELETE'); // or who looks into it would leave a WAL beside it
  } finally {
    made.close();
  }
}
