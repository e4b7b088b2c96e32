import { dirname } from 'node:path';
import { makeFolder } from '../../kernel/file-owner.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';

/** How long a read waits, in ms, while another process opens, recovers or closes the file; nothing else holds it back. */
export const READ_TIMEOUT = 5_000;

const SCHEMA_VERSION = 1;

/**
 * Positions are row ids that SQLite counts up from the greatest there is. None is ever used again: the triggers keep
 * every event, and each append is on the disk before anyone learns of it. Small columns come first, so that a filter
 * looks at an event without its data.
 */
const SCHEMA = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    subject TEXT
  ) STRICT;
  CREATE INDEX streams_by_subject ON streams (subject) WHERE subject IS NOT NULL;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, -- ms since 1970, UTC
    metadata TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
  CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
  CREATE TRIGGER streams_never_change BEFORE UPDATE ON streams BEGIN SELECT RAISE(ABORT, 'a stream is never changed'); END;
  CREATE TRIGGER streams_never_go BEFORE DELETE ON streams BEGIN SELECT RAISE(ABORT, 'a stream is never deleted'); END;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * FULL: a position that vanished in a power cut would be used again, and readers would pass over what took it. The cache
 * (32 MiB) holds the inner pages of the indexes; the WAL is brought into the file after 16 MiB, and cut when it was large.
 */
const PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -32768;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
`;

/** The file is not a log that this release can use; it stays as it is. */
export class UnusableLog extends Error {
  override readonly name = 'UnusableLog';
}

/**
 * Opens the log, or makes it with its folder; readable by its owner alone. Several processes may do so at once.
 * @throws StoreUnavailable when another process holds it for too long, UnusableLog when a newer release or another program has written it, DamagedFile
 */
export function openLog(file: string): SqliteFile {
  makeFolder(dirname(file));
  const db = new SqliteFile(file, { timeout: READ_TIMEOUT, remedy: RESTORE });
  try {
    db.exec(PRAGMAS);
    prepareSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepareSchema(db: SqliteFile): void {
  const { file } = db;
  if (schemaVersion(db) === SCHEMA_VERSION) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(db);
    if (version === SCHEMA_VERSION) return; // another process was first
    if (version > SCHEMA_VERSION) throw new UnusableLog(`${file} has schema ${version}: a newer release has written it, this one knows ${SCHEMA_VERSION}`);
    if (db.prepare('SELECT 1 FROM sqlite_schema').get()) throw new UnusableLog(`${file} is not a log: it holds something else`);
    db.exec(SCHEMA);
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

function schemaVersion(db: SqliteFile): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
