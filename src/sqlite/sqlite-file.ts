import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { besideOf, isDeletedWalInUse, wasWalDeletedSince } from './deleted-wal.js';
import { sqliteName } from './exclusive-mode.js';
import { leftBehind } from './left-behind.js';
import { OpenFileWatch } from './open-file-watch.js';
import { ensurePrivateFile } from './private-file.js';
import { DamagedFile, isBusy, translateSqliteError } from './sqlite-errors.js';

export interface SqliteFileOptions {
  /** Milliseconds to wait for locks of other connections. */
  readonly timeout: number;
  /** What the operator does when the file is damaged. */
  readonly remedy: string;
  /** Whether its contents may be lost: when it is deleted or replaced, the other files of its folder can still be written. */
  readonly expendable?: boolean;
}

/** Milliseconds between two attempts where SQLite does not wait by itself. */
const RETRY_DELAY = 10;

/**
 * A connection to a SQLite file in WAL mode, which is created if missing and readable by its owner alone. All code that works in
 * DATA_DIR opens its files through this class, because opening and closing one in another way would release its locks.
 *
 * Its errors and those of its statements are StoreUnavailable for a transient problem (busy, disk full, disk fault) and DamagedFile for
 * a damaged file. It refuses writes once the file or its WAL was deleted or replaced.
 *
 * It wraps DatabaseSync rather than extending it: statements keep their database alive, and a subclass's object would keep its whole
 * module alive, in tests once for each test file.
 */
export class SqliteFile {
  private readonly db: DatabaseSync;
  private readonly remedy: string;
  private readonly watch: OpenFileWatch;

  /** @throws StoreUnavailable, DamagedFile */
  constructor(
    readonly file: string,
    { timeout, remedy, expendable = false }: SqliteFileOptions,
  ) {
    const left = leftBehind(file);
    if (left !== undefined) throw new DamagedFile(`${left}：${remedy}`);
    if (isDeletedWalInUse(file)) throw new StoreUnavailable(walDeleted(file));
    ensurePrivateFile(file, createInWalMode);
    if (statSync(file).size === 0) throw new DamagedFile(`${file} 已损坏（长度为 0）：${remedy}`);
    this.remedy = remedy;
    const before = besideOf(file);
    this.db = this.translatingErrors(() => new DatabaseSync(sqliteName(file), { timeout }));
    try {
      this.enableWal(timeout);
      this.prepare('SELECT 1 FROM sqlite_schema').get(); // creates the WAL, which the watch needs
      if (wasWalDeletedSince(file, before)) throw new StoreUnavailable(walDeleted(file));
      this.watch = OpenFileWatch.watch(file, expendable, () => this.checkpointWal());
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  exec(sql: string): void {
    if (sql.startsWith('BEGIN IMMEDIATE')) this.watch.assertNotLost();
    this.translatingErrors(() => this.db.exec(sql));
    // a commit counts only if the next process will read the WAL that it was written to
    if (sql === 'COMMIT') this.watch.checkNotLost();
  }

  prepare(sql: string): StatementSync {
    const statement = this.translatingErrors(() => this.db.prepare(sql));
    for (const method of ['get', 'all', 'run'] as const) {
      const plain = statement[method] as (...given: SQLInputValue[]) => unknown;
      const value = (...given: SQLInputValue[]) => {
        if (method === 'run') this.watch.assertNotLost();
        return this.translatingErrors(() => plain.apply(statement, given));
      };
      Object.defineProperty(statement, method, { value });
    }
    return statement;
  }

  /** Whether a transaction is open. */
  get isTransaction(): boolean {
    return this.db.isTransaction;
  }

  /** Checks that the next process will read the same file and WAL. @throws StoreUnavailable when they were deleted or replaced */
  assertNotReplaced(): void {
    this.watch.checkNotLost();
  }

  /** Parses a column of JSON. @throws DamagedFile when it is not JSON */
  json<T>(text: string): T {
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new DamagedFile(`${this.file} 已损坏（内容不是 JSON）：${this.remedy}`, { cause: error });
    }
  }

  /** May be called more than once. */
  close(): void {
    this.watch.unwatch();
    if (this.db.isOpen) this.db.close();
  }

  /** Retries, because SQLite answers busy at once, whatever the timeout, when several processes switch a file to WAL mode together. */
  private enableWal(timeout: number): void {
    const deadline = performance.now() + timeout;
    for (;;) {
      try {
        this.translatingErrors(() => this.db.exec('PRAGMA journal_mode = WAL'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY);
      }
    }
  }

  /** Copies a deleted WAL, which this process still has open, into the file. */
  private checkpointWal(): void {
    this.db.exec('PRAGMA wal_checkpoint(FULL)');
  }

  private translatingErrors<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translateSqliteError(error, this.file, this.remedy);
    }
  }
}

function walDeleted(file: string): string {
  return `${file}-wal 在使用中被删除：重新启动使用它的程序之前，不再打开这个文件`;
}

/** A new file is never empty, so an empty one is known to be truncated. */
function createInWalMode(file: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}
