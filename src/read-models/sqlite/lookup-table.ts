import type { StatementSync } from 'node:sqlite';
import { arrayQuery, type Query, query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { nameOf, type ReadModel } from '../projection.js';
import type { DeclaredIndex } from './declared-indexes.js';

/** The table of a lookup's values, quoted: one row for each document and value, with an index by value. */
export function lookupTableOf(model: ReadModel<unknown>, lookup: string): string {
  return quoted(`${beginningOf(model)}${lookup}`);
}

/** The names of the lookups whose tables exist. */
export function madeLookupsOf(db: SqliteFile, model: ReadModel<unknown>): readonly string[] {
  const beginning = beginningOf(model);
  const tables = query<{ readonly name: string }>(db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length(?1)) = ?1`);
  return tables.all(beginning).map(({ name }) => name.slice(beginning.length));
}

/** The indexes by value. */
export function indexesOfLookups(model: ReadModel<unknown>): readonly DeclaredIndex[] {
  return Object.keys(model.lookups ?? {}).map((lookup) => {
    return { declared: lookup, name: `${nameOf(model)} value of ${lookup}`, on: `${lookupTableOf(model, lookup)} (value, key)` };
  });
}

export function makeLookupTables(db: SqliteFile, model: ReadModel<unknown>): void {
  for (const lookup of Object.keys(model.lookups ?? {})) {
    const table = lookupTableOf(model, lookup);
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (key, value)) WITHOUT ROWID`);
  }
}

/** Drops all lookup tables of the read model that exist. */
export function dropLookupTables(db: SqliteFile, model: ReadModel<unknown>): void {
  for (const lookup of madeLookupsOf(db, model)) db.exec(`DROP TABLE ${lookupTableOf(model, lookup)}`);
}

/** Reads and writes the values by which a lookup finds each document. */
export class LookupTable {
  private readonly stored: Query<readonly [value: string]>;
  private readonly add: StatementSync;
  private readonly remove: StatementSync;

  constructor(db: SqliteFile, model: ReadModel<unknown>, lookup: string) {
    const table = lookupTableOf(model, lookup);
    this.stored = arrayQuery(db, `SELECT value FROM ${table} WHERE key = ?`);
    this.add = db.prepare(`INSERT INTO ${table} (key, value) VALUES (?, ?)`);
    this.remove = db.prepare(`DELETE FROM ${table} WHERE key = ? AND value = ?`);
  }

  valuesOf(key: string): readonly string[] {
    return this.stored
      .all(key)
      .map(([value]) => value)
      .toSorted();
  }

  /** Writes only what differs: most changes of a document leave its values unchanged. */
  replace(key: string, values: readonly string[]): void {
    const [before, after] = [new Set(this.valuesOf(key)), new Set(values)];
    for (const value of before) if (!after.has(value)) this.remove.run(key, value);
    for (const value of after) if (!before.has(value)) this.add.run(key, value);
  }
}

/** Separates the name of a build from that of its lookup. */
const FOUND_BY = ' found by ';

function beginningOf(model: ReadModel<unknown>): string {
  return `${nameOf(model)}${FOUND_BY}`;
}

/** The build that a table is of, be it its own or one of its lookups'. */
export function buildOfTable(table: string): string {
  return table.split(FOUND_BY)[0] ?? table;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
