import type { StatementSync } from 'node:sqlite';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import type { EntryChange, EntryChanges } from './store-changes.js';

/** Milliseconds between two sweeps. */
const SWEPT_EVERY = 60_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tallies (key TEXT PRIMARY KEY, state TEXT NOT NULL, until INTEGER NOT NULL, rank INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tallies_by_end ON tallies (until);
  CREATE TABLE IF NOT EXISTS owner (installation TEXT NOT NULL);
`;

/** The table of rate limits in a SQLite database; it has the name of the first release. */
export class SqliteRateLimitTable {
  private readonly find: StatementSync;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private sweptAt = 0;

  /**
   * @param maxEntries beyond which entries of the lowest rank are deleted first, and of them those that expire first
   * @param parse reads a state
   */
  constructor(
    private readonly db: Pick<SqliteFile, 'close' | 'exec' | 'isTransaction' | 'prepare'>,
    private readonly maxEntries: number,
    private readonly parse: <State>(json: string) => State = JSON.parse,
  ) {
    db.exec(SCHEMA);
    this.addRank();
    this.find = db.prepare('SELECT state FROM tallies WHERE key = ? AND until > ?');
    this.put = db.prepare(`INSERT INTO tallies (key, state, until, rank) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET state = excluded.state, until = excluded.until, rank = excluded.rank`);
    this.remove = db.prepare('DELETE FROM tallies WHERE key = ?');
  }

  /** All changes in one transaction. @param now milliseconds since the epoch; entries that expire by then do not count */
  run<Answer>(steps: EntryChanges<Answer>, now: number): Answer {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      let next = steps.next();
      while (!next.done) next = steps.next(this.change(next.value, now));
      if (Math.abs(now - this.sweptAt) >= SWEPT_EVERY) this.sweep(now);
      this.db.exec('COMMIT');
      return next.value;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Removes all entries of another installation. @returns whether they were of another */
  belongTo(installation: string): boolean {
    const row = this.db.prepare('SELECT installation FROM owner').get() as { readonly installation: string } | undefined;
    if (row?.installation === installation) return false;
    const isForeign = row !== undefined;
    this.db.exec('BEGIN IMMEDIATE');
    if (isForeign) this.db.exec('DELETE FROM tallies');
    this.db.exec('DELETE FROM owner');
    this.db.prepare('INSERT INTO owner VALUES (?)').run(installation);
    this.db.exec('COMMIT');
    return isForeign;
  }

  close(): void {
    this.db.close();
  }

  private change({ key, decide }: EntryChange, now: number): unknown {
    const row = this.find.get(key, now) as { readonly state: string } | undefined;
    const { after, answer } = decide(row && this.parse(row.state));
    if (after === 'nothing') this.remove.run(key);
    else if (after !== 'as it was') this.put.run(key, JSON.stringify(after.state), Math.ceil(after.until), after.rank);
    return answer;
  }

  /** Files of the first release have no ranks. */
  private addRank(): void {
    const columns = this.db.prepare('SELECT name FROM pragma_table_info(?)').all('tallies') as { readonly name: string }[];
    if (!columns.some(({ name }) => name === 'rank')) this.db.exec('ALTER TABLE tallies ADD COLUMN rank INTEGER NOT NULL DEFAULT 1');
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    this.db.prepare('DELETE FROM tallies WHERE until <= ?').run(now);
    const { count } = this.db.prepare('SELECT count(*) AS count FROM tallies').get() as { readonly count: number };
    if (count <= this.maxEntries) return;
    this.db.prepare('DELETE FROM tallies WHERE key IN (SELECT key FROM tallies ORDER BY rank, until LIMIT ?)').run(count - this.maxEntries);
  }
}
