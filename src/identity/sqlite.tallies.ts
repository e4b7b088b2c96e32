import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { writeAhead } from '../sqlite-wal.js';
import { type Changed, Tallies } from './tallies.js';

/** Milliseconds between two sweeps. */
const SWEPT_EVERY = 60_000;
/** About 100 MB. */
const MOST = 500_000;

/** Tallies in one SQLite file beside the others. Nothing waits for the disk. */
export class SqliteTallies extends Tallies {
  private readonly db: DatabaseSync;
  private readonly find: StatementSync;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private sweptAt = 0;

  constructor(
    file: string,
    private readonly most = MOST,
  ) {
    super();
    closeSync(openSync(file, 'a', 0o600));
    this.db = new DatabaseSync(file, { timeout: 10_000 });
    writeAhead(this.db);
    this.db.exec(`PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS tallies (key TEXT PRIMARY KEY, state TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS tallies_by_end ON tallies (until)`);
    this.find = this.db.prepare('SELECT state FROM tallies WHERE key = ? AND until > ?');
    this.put = this.db.prepare(
      'INSERT INTO tallies (key, state, until) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, until = excluded.until',
    );
    this.remove = this.db.prepare('DELETE FROM tallies WHERE key = ?');
  }

  override async change<State extends object, Answer>(
    key: string,
    now: number,
    decide: (before: State | undefined) => Changed<State, Answer>,
  ): Promise<Answer> {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const row = this.find.get(key, now) as { readonly state: string } | undefined;
      const { after, until, answer } = decide(row && (JSON.parse(row.state) as State));
      if (after === undefined) this.remove.run(key);
      else this.put.run(key, JSON.stringify(after), Math.ceil(until));
      if (now - this.sweptAt >= SWEPT_EVERY) this.sweep(now);
      this.db.exec('COMMIT');
      return answer;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  override async close(): Promise<void> {
    if (this.db.isOpen) this.db.close();
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    this.db.prepare('DELETE FROM tallies WHERE until <= ?').run(now);
    const { count } = this.db.prepare('SELECT count(*) AS count FROM tallies').get() as { readonly count: number };
    if (count <= this.most) return;
    this.db.prepare('DELETE FROM tallies WHERE key IN (SELECT key FROM tallies ORDER BY until LIMIT ?)').run(count - this.most);
  }
}
