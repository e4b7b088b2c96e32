import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';
import { SqliteRateLimitTable } from './sqlite.rate-limit-table.js';
import type { EntryChanges } from './store-changes.js';

/** Entries: about 100 MB in the file. */
const MAX_ENTRIES = 500_000;
/** Entries: about 10 MB of memory. */
const MAX_IN_MEMORY = 50_000;
/** Milliseconds until a file that could not be used is tried again. */
const RETRY_DELAY = 10_000;

/**
 * The SQLite file of rate limits. A damaged file is replaced by an empty one; while the file cannot be used, as on a full disk, this
 * process counts in memory and starts from nothing. Writes are not flushed to the disk.
 */
export class SqliteRateLimitFile {
  private table: SqliteRateLimitTable | undefined;
  private memory: SqliteRateLimitTable | undefined;
  /** By the monotonic clock, in ms. */
  private triedAt = 0;

  constructor(
    private readonly file: string,
    private readonly maxEntries = MAX_ENTRIES,
  ) {
    this.attempt(() => undefined);
  }

  /**
   * All changes in one transaction.
   * @param begin may be called more than once
   * @param now milliseconds since the epoch; entries that expire by then do not count
   */
  run<Answer>(begin: () => EntryChanges<Answer>, now: number): Answer {
    const kept = this.attempt((table) => ({ answer: table.run(begin(), now) }));
    if (kept) return kept.answer;
    this.memory ??= new SqliteRateLimitTable(new DatabaseSync(':memory:'), MAX_IN_MEMORY);
    return this.memory.run(begin(), now);
  }

  /** Counts anew where the file is of another installation. */
  belongTo(installation: string): void {
    if (this.attempt((table) => table.belongTo(installation)))
      log.warn({ file: this.file }, 'login rate limits were of another installation and are counted anew');
  }

  close(): void {
    this.leave();
    this.memory?.close();
    this.memory = undefined;
  }

  /** Undefined when the file cannot be used now. */
  private attempt<T>(work: (table: SqliteRateLimitTable) => T): T | undefined {
    if (this.memory && performance.now() - this.triedAt < RETRY_DELAY) return undefined;
    try {
      const done = this.onFile(work);
      if (this.memory) log.info('login rate limits are kept in their file again');
      this.memory?.close();
      this.memory = undefined;
      return done;
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      if (!this.memory) log.warn({ err: error }, 'login rate limits cannot be kept in their file: this process counts in memory');
      this.triedAt = performance.now();
      this.leave(); // the next attempt opens the file again
      return undefined;
    }
  }

  /** Works on the file; where it is damaged, replaces it and works once more. */
  private onFile<T>(work: (table: SqliteRateLimitTable) => T): T {
    const damaged = statSync(this.file, { throwIfNoEntry: false })?.ino;
    try {
      return work(this.opened());
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      log.warn({ err: error }, 'login rate limits were damaged and are counted anew');
      this.leave();
      // another process may have replaced the file
      if (statSync(this.file, { throwIfNoEntry: false })?.ino === damaged)
        for (const suffix of ['-wal', '-shm', '']) rmSync(this.file + suffix, { force: true });
      return work(this.opened());
    }
  }

  private opened(): SqliteRateLimitTable {
    this.table ??= this.open();
    return this.table;
  }

  private open(): SqliteRateLimitTable {
    const db = new SqliteFile(this.file, { timeout: 10_000, remedy: '自动重新生成', expendable: true });
    try {
      db.exec('PRAGMA synchronous = OFF');
      return new SqliteRateLimitTable(db, this.maxEntries, (text) => db.json(text));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  private leave(): void {
    this.table?.close();
    this.table = undefined;
  }
}

/** Whether the cause is the file or its disk, including the system's errors of creating the file. */
function isOfTheFile(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof DamagedFile || (error instanceof Error && 'syscall' in error);
}
