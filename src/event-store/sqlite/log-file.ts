import { dirname } from 'node:path';
import { makeFolder } from '../../kernel/file-owner.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';

/** Milliseconds that a read waits while another process opens, recovers or closes the file; nothing else blocks reads. */
export const READ_TIMEOUT = 5_000;

export const SCHEMA_VERSION = 1;

/**
 * Positions are SQLite's automatic row ids. None is ever reused: the triggers keep every event, and each append is durable before
 * anybody sees it. Small columns come first, so that a filter reads an event without its data.
 */
export const SCHEMA = `
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
 * synchronous=FULL, because a position lost in a power failure would be reused and readers would skip the new event. The WAL is
 * checkpointed after 16 MiB and truncated when it was larger than 64 MiB.
 */
const PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
`;

/** KiB of pages that a connection keeps: they hold the inner pages of the indexes. */
const CACHE = 32 * 1024;

/** The file is not a log that this release can use. It is left unchanged. */
export class UnusableLog extends Error {
  override readonly name = 'UnusableLog';
}

/**
 * Opens the log, or creates it with its folder, readable by its owner alone. Several processes may do so at once.
 * @throws StoreUnavailable when another process locks it for too long, UnusableLog when a newer release or another program has written
 * it, DamagedFile
 */
export function openLog(file: string, cache = CACHE): SqliteFile {
  makeFolder(dirname(file));
  const db = new SqliteFile(file, { timeout: READ_TIMEOUT, remedy: RESTORE });
  try {
    db.exec(`${PRAGMAS} PRAGMA cache_size = -${cache};`);
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
    if (version === SCHEMA_VERSION) return; // another process has created the schema
    if (version > SCHEMA_VERSION) throw new UnusableLog(`${file} 由更新的版本写成（格式 ${version}，这个版本只认识 ${SCHEMA_VERSION}）：请使用那个版本`);
    if (db.prepare('SELECT 1 FROM sqlite_schema').get()) throw new UnusableLog(`${file} 不是事件日志，里面是别的内容：请检查 DATA_DIR`);
    db.exec(SCHEMA);
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

function schemaVersion(db: SqliteFile): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
