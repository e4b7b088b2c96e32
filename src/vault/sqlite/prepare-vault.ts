import { query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import type { MasterKey } from '../master-key.js';
import { newMarks } from '../new-marks.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS vault (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS candidates (
    id TEXT PRIMARY KEY,
    admission BLOB NOT NULL UNIQUE,
    citizen BLOB NOT NULL,
    name BLOB NOT NULL,
    wrapped BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS candidates_by_citizen ON candidates (citizen);
  CREATE TABLE IF NOT EXISTS officers (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tombstones (admission BLOB PRIMARY KEY) WITHOUT ROWID;
`;

/** Creates what a new vault needs, or asserts that the vault is whole and of this master key. @throws WrongMasterKey, UnfinishedRotation, DamagedFile */
export function prepareVault(db: SqliteFile, master: MasterKey): void {
  const value = (name: string) => query<{ readonly value: Uint8Array }>(db, 'SELECT value FROM vault WHERE name = ?').get(name)?.value;
  const has = (what: string) => query(db, `SELECT 1 FROM ${what} LIMIT 1`).get() !== undefined;
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(SCHEMA);
    const marks = {
      check: value('check'),
      before: value('check before'),
      tombstoneKey: value('tombstone key'),
      hasKeys: has('candidates') || has('officers'),
      hasTombstones: has('tombstones') || has(`vault WHERE name = 'forgotten' AND json_extract(CAST(value AS TEXT), '$.candidates') IS NOT NULL`),
    };
    const { check, tombstoneKey } = newMarks(marks, master, db.file);
    const put = db.prepare('INSERT INTO vault VALUES (?, ?)');
    if (check) put.run('check', check);
    if (tombstoneKey) put.run('tombstone key', tombstoneKey);
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}
