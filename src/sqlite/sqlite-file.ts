import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { sqliteName } from './exclusive-mode.js';
import { DamagedFile, isBusy, meaningOf } from './faults.js';
import { OpenFileWatch } from './open-file-watch.js';
import { makePrivate } from './private-file.js';

export interface SqliteFileOptions {
  /** How long other connections are waited for, in ms. */
  readonly timeout: number;
  /** What the operator does when the file is damaged. */
  readonly remedy: string;
  /** That what is in it may be lost: when it is deleted or replaced, the other files of its folder are written to all the same. */
  readonly expendable?: boolean;
}

/** Milliseconds between two attempts of what SQLite does not wait for by itself. */
const RETRY_DELAY = 10;

/**
 * A connection to a SQLite file in WAL mode, which is made where there is none, for its owner alone. All that works in
 * DATA_DIR opens its files by this class, so that none is opened and closed beside it in another way.
 *
 * Its errors and those of its statements are StoreUnavailable for what cannot be done now (busy, disk full, disk fault) and
 * DamagedFile for a file that is damaged. It takes no more writes once the file or its WAL is no longer where it was.
 *
 * It holds its database and does not extend it: a database is kept as long as there are statements on it, and with a subclass's
 * object all that the module has, in tests each of its instances.
 */
export class SqliteFile {
  private readonly db: DatabaseSync;
  private readonly remedy: string;
  private readonly inPlace: OpenFileWatch;

  /** @throws StoreUnavailable, DamagedFile */
  constructor(
    readonly file: string,
    { timeout, remedy, expendable = false }: SqliteFileOptions,
  ) {
    makePrivate(file, putIntoWalMode);
    if (statSync(file).size === 0) throw new DamagedFile(`${file} 已损坏（长度为 0）：${remedy}`);
    this.remedy = remedy;
    this.db = this.guarded(() => new DatabaseSync(sqliteName(file), { timeout }));
    try {
      this.writeAhead(timeout);
      this.prepare('SELECT 1 FROM sqlite_schema').get(); // the WAL is there from the first read on
      this.inPlace = OpenFileWatch.watch(file, expendable, () => this.bringIn());
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  exec(sql: string): void {
    if (sql.startsWith('BEGIN IMMEDIATE')) this.inPlace.assertNotLost();
    this.guarded(() => this.db.exec(sql));
    // whoever hears that it is recorded can rely on it: the WAL it was written to is the one that the next process will read
    if (sql === 'COMMIT') this.inPlace.checkNotLost();
  }

  prepare(sql: string): StatementSync {
    const statement = this.guarded(() => this.db.prepare(sql));
    for (const method of ['get', 'all', 'run'] as const) {
      const plain = statement[method] as (...given: SQLInputValue[]) => unknown;
      const value = (...given: SQLInputValue[]) => {
        if (method === 'run') this.inPlace.assertNotLost();
        return this.guarded(() => plain.apply(statement, given));
      };
      Object.defineProperty(statement, method, { value });
    }
    return statement;
  }

  /** That BEGIN has neither COMMIT nor ROLLBACK yet. */
  get isTransaction(): boolean {
    return this.db.isTransaction;
  }

  /** That what is read from it is what the next process will read. @throws StoreUnavailable */
  assertInPlace(): void {
    this.inPlace.checkNotLost();
  }

  /** What a column of text holds. @throws DamagedFile when it is no JSON, which is all that is written to such a column */
  json<T>(text: string): T {
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new DamagedFile(`${this.file} 已损坏（内容不是 JSON）：${this.remedy}`, { cause: error });
    }
  }

  /** Again changes nothing. */
  close(): void {
    this.inPlace.unwatch();
    if (this.db.isOpen) this.db.close();
  }

  /** When several processes put a file into WAL mode at once, SQLite tells some of them at once that it is busy, whatever the time-out. */
  private writeAhead(patience: number): void {
    const until = performance.now() + patience;
    for (;;) {
      try {
        this.guarded(() => this.db.exec('PRAGMA journal_mode = WAL'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY);
      }
    }
  }

  /** What is in a WAL that was deleted, and nowhere else, is brought into the file. */
  private bringIn(): void {
    this.db.exec('PRAGMA wal_checkpoint(FULL)');
  }

  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw meaningOf(error, this.file, this.remedy);
    }
  }
}

/** A file that is never empty: of an empty one it is known that it was cut off. */
function putIntoWalMode(file: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}
