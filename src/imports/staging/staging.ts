import { DatabaseSync } from 'node:sqlite';
import type { ImportFile } from '../files/import-file.js';
import { StagedFile } from './staged-file.js';

/** SQLite's cache in KiB; more data spills into a file. */
const CACHE = 16 * 1024;

/**
 * The rows of a batch until they are recorded, in a temporary SQLite database. It spills into an unlinked file of mode 0600, so nothing
 * is left when the process ends, however it ends.
 */
export class Staging {
  readonly database = new DatabaseSync('');
  readonly files: StagedFile[] = [];

  /** @param folder for the spill file, which may become as large as the batch */
  constructor(folder: string) {
    // not SQLITE_TMPDIR, which SQLite reads only once, when the process opens its first database
    this.database.exec(`PRAGMA temp_store_directory = '${folder.replaceAll("'", "''")}'`);
    this.database.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA cache_size = -${CACHE}`);
    this.database.exec(`
      CREATE TABLE bad (file INTEGER, line INTEGER, start INTEGER, end INTEGER, photo TEXT, PRIMARY KEY (file, line)) WITHOUT ROWID;
      CREATE TABLE faults (file INTEGER, line INTEGER, column TEXT, value TEXT, reason TEXT);
      CREATE TABLE warnings (file INTEGER, line INTEGER, column TEXT, value TEXT, reason TEXT);
      CREATE INDEX faults_by_line ON faults (file, line);
      CREATE TABLE wanted (kind TEXT, value TEXT, recorded INTEGER, PRIMARY KEY (kind, value)) WITHOUT ROWID;
      CREATE TABLE defined (kind TEXT, value TEXT, file INTEGER, line INTEGER, PRIMARY KEY (kind, value, file, line)) WITHOUT ROWID;
      CREATE TABLE agreed (file INTEGER, owner TEXT, same TEXT, line INTEGER, PRIMARY KEY (file, owner, same, line)) WITHOUT ROWID;
      CREATE TABLE namesakes (file INTEGER, candidate TEXT, line INTEGER, PRIMARY KEY (file, candidate, line)) WITHOUT ROWID;
      CREATE TABLE resent (candidate TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;
      BEGIN`);
  }

  stage(kind: ImportFile, path: string, size: number): StagedFile {
    const file = new StagedFile(this.database, this.files.length, kind, path, size);
    this.files.push(file);
    return file;
  }

  /** The number of bad rows so far. */
  badRows(): number {
    return this.files.reduce((sum, { bad }) => sum + bad, 0);
  }

  close(): void {
    this.database.close();
  }
}
