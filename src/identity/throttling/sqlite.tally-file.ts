import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';
import { TallyTable } from './sqlite.tally-table.js';
import type { Steps } from './tally-steps.js';

/** About 100 MB in the file. */
const MOST = 500_000;
/** About 10 MB of this process, while the file cannot be used. */
const MOST_IN_MEMORY = 50_000;
/** Milliseconds until a file that could not be used is tried again. */
const AGAIN = 10_000;

/**
 * The SQLite file of tallies, beside the others. Nothing waits for the disk, and nobody is kept out by it: a damaged file is
 * made anew, and while the file cannot be used (a full disk) this process counts in memory, beginning with nothing.
 */
export class TallyFile {
  private table: TallyTable | undefined;
  private memory: TallyTable | undefined;
  /** By the monotonic clock, in ms. */
  private triedAt = 0;

  constructor(
    private readonly file: string,
    private readonly most = MOST,
  ) {
    this.attempt(() => undefined);
  }

  /**
   * All changes in one transaction.
   * @param begin may be called more than once
   * @param now milliseconds since the epoch: what was kept until then is not there
   */
  run<Answer>(begin: () => Steps<Answer>, now: number): Answer {
    const kept = this.attempt((table) => ({ answer: table.run(begin(), now) }));
    if (kept) return kept.answer;
    this.memory ??= new TallyTable(new DatabaseSync(':memory:'), MOST_IN_MEMORY);
    return this.memory.run(begin(), now);
  }

  /** Counts anew where the file is of another installation. */
  belongTo(installation: string): void {
    if (this.attempt((table) => table.belongTo(installation))) log.warn({ file: this.file }, 'login tallies were of another installation and are counted anew');
  }

  close(): void {
    this.leave();
    this.memory?.close();
    this.memory = undefined;
  }

  /** Undefined when the file cannot be used now. */
  private attempt<T>(work: (table: TallyTable) => T): T | undefined {
    if (this.memory && performance.now() - this.triedAt < AGAIN) return undefined;
    try {
      const done = this.onFile(work);
      if (this.memory) log.info('login tallies are kept in their file again');
      this.memory?.close();
      this.memory = undefined;
      return done;
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      if (!this.memory) log.warn({ err: error }, 'login tallies cannot be kept in their file: this process counts in memory');
      this.triedAt = performance.now();
      this.leave(); // the next attempt opens what is there then
      return undefined;
    }
  }

  /** Works on the file, and once more on a new one where it is damaged. */
  private onFile<T>(work: (table: TallyTable) => T): T {
    const damaged = statSync(this.file, { throwIfNoEntry: false })?.ino;
    try {
      return work(this.opened());
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      log.warn({ err: error }, 'login tallies were damaged and are counted anew');
      this.leave();
      // another process may have made them anew by now
      if (statSync(this.file, { throwIfNoEntry: false })?.ino === damaged)
        for (const suffix of ['-wal', '-shm', '']) rmSync(this.file + suffix, { force: true });
      return work(this.opened());
    }
  }

  private opened(): TallyTable {
    this.table ??= this.open();
    return this.table;
  }

  private open(): TallyTable {
    const db = new SqliteFile(this.file, { timeout: 10_000, remedy: '自动重新生成', expendable: true });
    try {
      db.exec('PRAGMA synchronous = OFF');
      return new TallyTable(db, this.most, (text) => db.json(text));
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

/** Whether the file or its disk is to blame: also what the system says of making the file. */
function isOfTheFile(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof DamagedFile || (error instanceof Error && 'syscall' in error);
}
