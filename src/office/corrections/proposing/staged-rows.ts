import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { query } from '../../../sqlite/query.js';
import type { Columns } from '../correction.js';

/** A row of a file that is to be proposed. */
export interface RowToPropose {
  readonly line: number;
  readonly admissionNo: string;
  readonly columns: Columns;
}

/** A row that is left out, and why. The reason names no value. */
export interface BadRow {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

/** SQLite's cache in KiB; more spills into an unlinked file of mode 0600. */
const CACHE = 8 * 1024;
const MOST_BAD = 100;

interface Staged {
  readonly line: number;
  readonly number: string;
  readonly columns: string;
}

/** The rows of a file in a temporary database until they are proposed, so that those of a candidate come together and memory is bounded. */
export class StagedRows {
  /** The first of those that are left out. */
  readonly bad: BadRow[] = [];
  badCount = 0;
  private readonly database = new DatabaseSync('');
  private readonly insert: StatementSync;

  constructor() {
    this.database.exec(`PRAGMA journal_mode = OFF; PRAGMA cache_size = -${CACHE};
      CREATE TABLE staged (line INTEGER PRIMARY KEY, number TEXT, key TEXT, columns TEXT, UNIQUE (number, key)); BEGIN`);
    this.insert = this.database.prepare('INSERT INTO staged VALUES (?, ?, ?, ?) ON CONFLICT (number, key) DO NOTHING');
  }

  /** @param key which fact of the candidate it is: a second row of the same is bad */
  add({ line, admissionNo, columns }: RowToPropose, key: string): void {
    if (this.insert.run(line, admissionNo, key, JSON.stringify(columns)).changes > 0) return;
    const first = query<{ line: number }>(this.database, 'SELECT line FROM staged WHERE number = ? AND key = ?').get(admissionNo, key);
    this.addBad({ line, column: '', reason: `与第 ${first?.line} 行更正的是同一项` });
  }

  addBad(row: BadRow): void {
    this.badCount++;
    if (this.bad.length < MOST_BAD) this.bad.push(row);
  }

  /** A row that was staged turns out bad. */
  leaveOut(row: BadRow): void {
    this.database.prepare('DELETE FROM staged WHERE line = ?').run(row.line);
    this.addBad(row);
  }

  /** How many can be proposed. */
  get count(): number {
    return query<{ rows: number }>(this.database, 'SELECT count(*) AS rows FROM staged').get()?.rows ?? 0;
  }

  /** Those of a candidate one after another, in the order of their lines. */
  *rows(): Generator<RowToPropose> {
    for (const { line, number, columns } of query<Staged>(this.database, 'SELECT line, number, columns FROM staged ORDER BY number, line').iterate())
      yield { line, admissionNo: number, columns: JSON.parse(columns) as Columns };
  }

  close(): void {
    this.database.close();
  }
}
