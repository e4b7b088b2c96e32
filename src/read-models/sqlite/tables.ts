import { arrayQuery, type Query, query } from '../../sqlite/query.js';
import { REBUILD } from '../../sqlite/remedies.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import type { Stored } from '../read-models.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoints (read_model TEXT PRIMARY KEY, position TEXT NOT NULL, event_id TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarantine (
    read_model TEXT NOT NULL,
    key TEXT NOT NULL,
    position TEXT NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (read_model, key)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS registry (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL, document TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT, beat INTEGER NOT NULL, fence INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * Opens the file of read models, or makes it, for its owner alone. A power cut may take back the last batches, always
 * with their checkpoint: they are folded again from the log, so nothing waits for the disk here.
 * @throws DamagedFile, StoreUnavailable
 */
export function openReadModels(file: string): SqliteFile {
  const db = new SqliteFile(file, { timeout: 10_000, remedy: REBUILD });
  try {
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
    db.exec(SCHEMA);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** The table of a read model's documents, quoted; null in `document` is a tombstone. */
export function tableOf(model: ReadModel<unknown>): string {
  return quoted(nameOf(model));
}

/** The column under which an index lists a document, quoted; null: it is not listed. */
export function columnOf(index: string): string {
  return quoted(`by ${index}`);
}

/**
 * Makes the table of a read model where there is none.
 * @throws Error when it was made for other indexes: these are part of what a version is
 */
export function makeTable(db: SqliteFile, model: ReadModel<unknown>): void {
  const table = tableOf(model);
  const columns = Object.keys(model.indexes ?? {}).map(columnOf);
  db.exec(`CREATE TABLE IF NOT EXISTS ${table} (${['key TEXT PRIMARY KEY', 'position TEXT NOT NULL', 'document TEXT', ...columns].join(', ')})`);
  const made = query<{ readonly name: string }>(db, `PRAGMA table_info(${table})`).all();
  if (made.length !== columns.length + 3 || !columns.every((column) => made.some(({ name }) => quoted(name) === column))) {
    throw new Error(`read model ${nameOf(model)} was made with other indexes: raise its version`);
  }
  for (const index of Object.keys(model.indexes ?? {})) {
    const column = columnOf(index);
    db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(`${nameOf(model)} by ${index}`)} ON ${table} (${column}, key) WHERE ${column} IS NOT NULL`);
  }
}

/** A row of `position, document`. */
export type DocumentRow = readonly [string, string | null];

/** @throws DamagedFile */
export function storedOf(db: SqliteFile, [position, text]: DocumentRow): Stored {
  return { position, document: text === null ? null : db.json(text) };
}

/** The statements on a read model's documents; `load` answers by key. */
export interface Documents {
  readonly load: Query<DocumentRow>;
  put(key: string, stored: Stored): void;
}

/** Makes the table where there is none. A document that has seen more than what is put stays as it is. */
export function documentsOf(db: SqliteFile, projection: Projection): Documents {
  makeTable(db, projection);
  const table = tableOf(projection);
  const indexes = Object.values(projection.indexes ?? {});
  const columns = ['key', 'position', 'document', ...Object.keys(projection.indexes ?? {}).map(columnOf)];
  const load = arrayQuery<DocumentRow>(db, `SELECT position, document FROM ${table} WHERE key = ?`);
  const put = db.prepare(`
    INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${columns
      .slice(1)
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
    WHERE excluded.position > position
  `);
  return {
    load,
    put(key, { position, document }) {
      const text = document === null ? null : JSON.stringify(document);
      if (indexes.length === 0) put.run(key, position, text);
      else put.run(key, position, text, ...indexes.map((listed) => (document === null ? null : (listed(document) ?? null))));
    },
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
