import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { writeAhead } from '../sqlite-wal.js';
import { nameOf, type ReadModel } from './projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoints (read_model TEXT PRIMARY KEY, position TEXT NOT NULL, event_id TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarantine (
    read_model TEXT NOT NULL,
    key TEXT NOT NULL,
    position TEXT NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (read_model, key)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT, beat INTEGER NOT NULL, fence INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * Opens the file of read models, or makes it, for its owner alone. A power cut may take back the last batches, always
 * with their checkpoint: they are folded again from the log, so nothing waits for the disk here.
 */
export function openReadModels(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600)); // made here for its mode; SQLite gives the same to the files beside it
  const db = new DatabaseSync(file, { timeout: 10_000 });
  try {
    writeAhead(db);
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
export function makeTable(db: DatabaseSync, model: ReadModel<unknown>): void {
  const table = tableOf(model);
  const columns = Object.keys(model.indexes ?? {}).map(columnOf);
  db.exec(`CREATE TABLE IF NOT EXISTS ${table} (${['key TEXT PRIMARY KEY', 'position TEXT NOT NULL', 'document TEXT', ...columns].join(', ')})`);
  const made = db.prepare(`PRAGMA table_info(${table})`).all() as unknown as readonly { readonly name: string }[];
  if (made.length !== columns.length + 3 || !columns.every((column) => made.some(({ name }) => quoted(name) === column))) {
    throw new Error(`read model ${nameOf(model)} was made with other indexes: raise its version`);
  }
  for (const index of Object.keys(model.indexes ?? {})) {
    const column = columnOf(index);
    db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(`${nameOf(model)} by ${index}`)} ON ${table} (${column}, key) WHERE ${column} IS NOT NULL`);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
