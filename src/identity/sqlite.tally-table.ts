import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Changed } from './tallies.js';

/** Milliseconds between two sweeps. */
const SWEPT_EVERY = 60_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tallies (key TEXT PRIMARY KEY, state TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tallies_by_end ON tallies (until);
`;

/** The table of tallies in a SQLite database. */
export class TallyTable {
  private readonly find: StatementSync;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private sweptAt = 0;

  /**
   * @param most how many there may be; those that end first go first
   * @param parse reads a state
   */
  constructor(
    private readonly db: DatabaseSync,
    private readonly most: number,
    private readonly parse: <State>(json: string) => State = JSON.parse,
  ) {
    db.exec(SCHEMA);
    this.find = db.prepare('SELECT state FROM tallies WHERE key = ? AND until > ?');
    this.put = db.prepare('INSERT INTO tallies (key, state, until) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, until = excluded.until');
    this.remove = db.prepare('DELETE FROM tallies WHERE key = ?');
  }

  change<State extends object, Answer>(key: string, now: number, decide: (before: State | undefined) => Changed<State, Answer>): Answer {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const row = this.find.get(key, now) as { readonly state: string } | undefined;
      const { after, until, answer } = decide(row && this.parse<State>(row.state));
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

  close(): void {
    this.db.close();
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    this.db.prepare('DELETE FROM tallies WHERE until <= ?').run(now);
    const { count } = this.db.prepare('SELECT count(*) AS count FROM tallies').get() as { readonly count: number };
    if (count <= this.most) return;
    this.db.prepare('DELETE FROM tallies WHERE key IN (SELECT key FROM tallies ORDER BY until LIMIT ?)').run(count - this.most);
  }
}
