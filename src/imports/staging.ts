import { DatabaseSync } from 'node:sqlite';
import type { ImportFile } from './files/import-file.js';
import { StagedFile } from './staged-file.js';

/** In KiB; what is beyond it lies in a file. */
const CACHE = 16 * 1024;

/**
 * The rows of a batch until they are recorded, in a SQLite database of the import's own: it spills into a file of mode
 * 0600 without a name, so that nothing of it is left when the process ends, however it ends.
 */
export class Staging {
  readonly database = new DatabaseSync('');
  readonly files: StagedFile[] = [];

  /** @param folder where it spills, as large as the batch: the data's own disk */
  constructor(folder: string) {
    // rather than the variable SQLITE_TMPDIR, which is read only once, when the process opens its first database
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

  /** How many rows are known to be bad. */
  badRows(): number {
    return this.files.reduce((sum, { bad }) => sum + bad, 0);
  }

  close(): void {
    this.database.close();
  }
}
