import type { StatementSync } from 'node:sqlite';
import { log } from '../../kernel/log.js';
import { arrayQuery, type Query, query } from '../../sqlite/query.js';
import { REBUILD } from '../../sqlite/remedies.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';
import type { Inspection } from '../build-store.js';
import { DamagedDocument } from '../damaged-document.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import { type Stored, type StoredDocument, UnstorableDocument } from '../read-models.js';
import { type DeclaredIndex, makeIndex, stateOfIndex } from './declared-indexes.js';
import { dropLookupTables, indexesOfLookups, LookupTable, madeLookupsOf, makeLookupTables } from './lookup-table.js';

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
  CREATE TABLE IF NOT EXISTS document_counts (read_model TEXT PRIMARY KEY, position TEXT NOT NULL, documents INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT, beat INTEGER NOT NULL, fence INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * Opens the file of read models, or makes it, for its owner alone. A power cut may take back the last batches, always
 * with their checkpoint: they are folded again from the log, so nothing waits for the disk here.
 * @throws DamagedFile, StoreUnavailable
 */
export function openReadModelsFile(file: string): SqliteFile {
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
 * Makes the tables of a read model where there are none. A build that has lost its table has seen nothing: its checkpoint goes too, so
 * that it is folded from the log's start and says meanwhile that it is behind.
 * @throws Error when it was made for other indexes: these are part of what a version is
 */
export function makeTable(db: SqliteFile, model: ReadModel<unknown>): void {
  const table = tableOf(model);
  const columns = Object.keys(model.indexes ?? {}).map(columnOf);
  if (!isMade(db, model)) {
    inTransaction(db, () => {
      if (isMade(db, model)) return; // by another process meanwhile
      const wasMade = db.prepare('SELECT 1 FROM checkpoints WHERE read_model = ?').get(nameOf(model)) !== undefined;
      if (wasMade) log.warn({ readModel: nameOf(model) }, 'the table of a read model is gone: its documents are folded again from the beginning');
      dropLookupTables(db, model); // values of documents that are gone
      db.exec(`CREATE TABLE ${table} (${['key TEXT PRIMARY KEY', 'position TEXT NOT NULL', 'document TEXT', ...columns].join(', ')})`);
      makeLookupTables(db, model);
      for (const each of ['checkpoints', 'document_counts']) db.prepare(`DELETE FROM ${each} WHERE read_model = ?`).run(nameOf(model));
    });
  }
  if (!isMadeFor(db, model)) {
    throw new Error(`read model ${nameOf(model)} was made with other indexes: raise its version`);
  }
  makeLookupTables(db, model);
  for (const index of declaredIndexes(model)) {
    if (stateOfIndex(db, index) === 'whole') continue;
    inTransaction(db, () => {
      if (stateOfIndex(db, index) !== 'whole') makeIndex(db, index); // not made by another process meanwhile
    });
  }
}

function declaredIndexes(model: ReadModel<unknown>): readonly DeclaredIndex[] {
  const ofColumns = Object.keys(model.indexes ?? {}).map((declared): DeclaredIndex => {
    const column = columnOf(declared);
    return { declared, name: `${nameOf(model)} by ${declared}`, on: `${tableOf(model)} (${column}, key) WHERE ${column} IS NOT NULL` };
  });
  return [...ofColumns, ...indexesOfLookups(model)];
}

export function isMade(db: SqliteFile, model: ReadModel<unknown>): boolean {
  return db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(nameOf(model)) !== undefined;
}

/** All or nothing, also within a transaction that is open. */
function inTransaction(db: SqliteFile, work: () => void): void {
  const isOpen = db.isTransaction;
  if (!isOpen) db.exec('BEGIN IMMEDIATE');
  try {
    work();
    if (!isOpen) db.exec('COMMIT');
  } finally {
    if (!isOpen && db.isTransaction) db.exec('ROLLBACK');
  }
}

/** Drops the tables of a read model. */
export function dropTables(db: SqliteFile, model: ReadModel<unknown>): void {
  dropLookupTables(db, model);
  db.exec(`DROP TABLE IF EXISTS ${tableOf(model)}`);
}

/** Whether the existing table has the columns of the read model, and its lookups have their tables. */
export function isMadeFor(db: SqliteFile, model: ReadModel<unknown>): boolean {
  const columns = ['key', 'position', 'document', ...Object.keys(model.indexes ?? {}).map((index) => `by ${index}`)];
  const made = query<{ readonly name: string }>(db, `PRAGMA table_info(${tableOf(model)})`).all();
  const lookups = Object.keys(model.lookups ?? {});
  const found = madeLookupsOf(db, model);
  const hasLookups = found.length === lookups.length && lookups.every((lookup) => found.includes(lookup));
  return hasLookups && made.length === columns.length && columns.every((column) => made.some(({ name }) => name === column));
}

/** The declared indexes that are not there, and those that are there otherwise. */
export function wrongIndexesOf(db: SqliteFile, model: ReadModel<unknown>): Pick<Inspection, 'missingIndexes' | 'otherIndexes'> {
  const states = declaredIndexes(model).map((index) => ({ ...index, state: stateOfIndex(db, index) }));
  const inState = (state: 'missing' | 'other') => states.filter((index) => index.state === state).map(({ declared }) => declared);
  return { missingIndexes: inState('missing'), otherIndexes: inState('other') };
}

/** A row of `position, document`. */
export type DocumentRow = readonly [string, string | null];

/** The stored document of a key, or a mark that it is not JSON. */
export function storedOf(db: SqliteFile, model: ReadModel<unknown>, key: string, [position, text]: DocumentRow): Stored {
  try {
    return { position, document: text === null ? null : documentOf(db, model, key, text) };
  } catch (error) {
    if (!(error instanceof DamagedDocument)) throw error;
    return { position, document: null, unreadable: error.message };
  }
}

/** @throws DamagedDocument */
export function documentOf<Document>(db: SqliteFile, model: ReadModel<unknown>, key: string, text: string): Document {
  try {
    return JSON.parse(text) as Document;
  } catch (error) {
    throw new DamagedDocument(db.file, nameOf(model), key, { cause: error });
  }
}

/** Bytes of a document's text; SQLite's limit of a value and of a row is 1,000,000,000. */
const MOST_BYTES = 999_000_000;

/** A document as it is stored. @throws TypeError for what JSON cannot hold, RangeError for what is too large */
export function textOf(document: unknown): string {
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw new RangeError(`文档有 ${bytes} 字节，SQLite 的一个文档不能超过 ${MOST_BYTES} 字节`);
  return text;
}

/** The statements on a read model's documents; `load` answers by key. */
export interface Documents {
  readonly load: Query<DocumentRow>;
  /** A document that has seen more than what is put stays as it is. */
  put(key: string, stored: Stored): void;
  has(key: string): boolean;
  /** With what it is listed under. */
  find(key: string): StoredDocument | undefined;
  /** Whatever it has seen. */
  replace(key: string, stored: Stored): void;
  remove(key: string): void;
}

/** Makes the tables where there are none. */
export function documentsOf(db: SqliteFile, projection: Projection): Documents {
  makeTable(db, projection);
  const table = tableOf(projection);
  const indexes = Object.values(projection.indexes ?? {});
  const columns = ['key', 'position', 'document', ...Object.keys(projection.indexes ?? {}).map(columnOf)];
  const load = arrayQuery<DocumentRow>(db, `SELECT position, document FROM ${table} WHERE key = ?`);
  const replaced = `
    INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${columns
      .slice(1)
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
  `;
  const put = db.prepare(`${replaced} WHERE excluded.position > position`);
  const has = db.prepare(`SELECT 1 FROM ${table} WHERE key = ?`);
  const whole = arrayQuery<StoredRow>(db, `SELECT ${storedColumns(projection)} FROM ${table} WHERE key = ?`);
  const storedDocument = storedDocumentsOf(db, projection);
  const lookups = Object.entries(projection.lookups ?? {}).map(([lookup, valuesOf]) => ({ table: new LookupTable(db, projection, lookup), valuesOf }));
  const write = (statement: StatementSync, key: string, { position, document }: Stored) => {
    let text: string | null;
    try {
      text = document === null ? null : textOf(document);
    } catch (error) {
      throw new UnstorableDocument(projection, key, error);
    }
    const listed = indexes.map((index) => (document === null ? null : (index(document) ?? null)));
    const { changes } = statement.run(key, position, text, ...listed);
    if (changes > 0) for (const { table, valuesOf } of lookups) table.replace(key, document === null ? [] : valuesOf(document));
  };
  return {
    load,
    put: (key, stored) => write(put, key, stored),
    has: (key) => has.get(key) !== undefined,
    find(key) {
      const found = whole.get(key);
      return found && storedDocument(found);
    },
    replace: (key, stored) => write(db.prepare(replaced), key, stored),
    remove(key) {
      db.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key);
      for (const lookup of lookups) lookup.table.replace(key, []);
    },
  };
}

/** A row of `storedColumns`. */
export type StoredRow = readonly [...DocumentRow, key: string, ...listed: (string | null)[]];

/** The columns of all that is stored of a document. */
export function storedColumns({ indexes = {} }: ReadModel<unknown>): string {
  return ['position', 'document', 'key', ...Object.keys(indexes).map(columnOf)].join(', ');
}

/** Reads such rows. */
export function storedDocumentsOf(db: SqliteFile, model: ReadModel<unknown>): (row: StoredRow) => StoredDocument {
  const indexes = Object.keys(model.indexes ?? {});
  const lookups = Object.keys(model.lookups ?? {}).map((lookup) => ({ lookup, table: new LookupTable(db, model, lookup) }));
  return ([position, document, key, ...listed]) => {
    const stored = { key, ...storedOf(db, model, key, [position, document]) };
    if (!model.indexes && !model.lookups) return stored;
    const values = indexes.map((index, at) => [index, listed[at] ?? null] as const);
    const found = lookups.map(({ lookup, table }) => [lookup, table.valuesOf(key)] as const);
    return { ...stored, listed: Object.fromEntries([...values, ...found]) };
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
