import { query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';

/** An index that a projection declares, as it is to be in the file. */
export interface DeclaredIndex {
  /** Of the projection's index or lookup. */
  readonly declared: string;
  readonly name: string;
  /** What follows ON. */
  readonly on: string;
}

/** `other`: one of its name is there, on other columns, for other rows or on another table. */
export function stateOfIndex(db: SqliteFile, index: DeclaredIndex): 'whole' | 'missing' | 'other' {
  const found = query<{ readonly sql: string | null }>(db, `SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?`).get(index.name);
  if (!found) return 'missing';
  return found.sql === statementOf(index) ? 'whole' : 'other';
}

/** Within a transaction where one of its name may be there. */
export function makeIndex(db: SqliteFile, index: DeclaredIndex): void {
  db.exec(`DROP INDEX IF EXISTS ${quoted(index.name)}`);
  db.exec(statementOf(index));
}

/** SQLite keeps this text as it is. */
function statementOf({ name, on }: DeclaredIndex): string {
  return `CREATE INDEX ${quoted(name)} ON ${on}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
