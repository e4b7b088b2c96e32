import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { log } from '../kernel/log.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** Milliseconds between two checks. */
const POLL_INTERVAL = 1_000;

/** The watches of all files that this thread has open. */
const open = new Set<OpenFileWatch>();
let timer: NodeJS.Timeout | undefined;

/** Health check: whether a file that this thread has open was deleted or replaced. */
export function lostFiles(): HealthProblem | undefined {
  for (const { lost, isExpendable } of open) if (lost !== undefined && !isExpendable) return { scope: 'process', reason: lost };
  return undefined;
}

/**
 * Watches whether an open SQLite file, its WAL and its shared memory are still those that were opened. Writes to a WAL that another
 * program has deleted are lost when the process ends; so once one file of a folder is lost, this thread refuses writes to all files
 * of that folder. Other threads and processes notice by themselves.
 */
export class OpenFileWatch {
  /** Why writes to the file are refused. */
  lost: string | undefined;
  private readonly folder: string;
  private readonly opened: readonly string[];

  private constructor(
    private readonly file: string,
    readonly isExpendable: boolean,
    private readonly checkpointWal: () => void,
  ) {
    this.folder = dirname(file);
    this.opened = this.identities();
  }

  /**
   * Watches until `unwatch`.
   * @param checkpointWal copies the WAL into the file; called when only the WAL was deleted, since nobody else can have written then
   */
  static watch(file: string, isExpendable: boolean, checkpointWal: () => void): OpenFileWatch {
    const watched = new OpenFileWatch(file, isExpendable, checkpointWal);
    open.add(watched);
    timer ??= setInterval(() => {
      for (const each of open) each.check();
    }, POLL_INTERVAL).unref();
    return watched;
  }

  unwatch(): void {
    open.delete(this);
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** @throws StoreUnavailable when a file of the folder is known to be lost */
  assertNotLost(): void {
    for (const { folder, lost, isExpendable } of open) {
      if (lost !== undefined && folder === this.folder && (!isExpendable || lost === this.lost)) throw new StoreUnavailable(lost);
    }
  }

  /** Checks first. @throws StoreUnavailable */
  checkNotLost(): void {
    this.check();
    this.assertNotLost();
  }

  private check(): void {
    if (this.lost !== undefined) return;
    const [file, wal, memory] = this.identities();
    const changed = [file, wal, memory].findIndex((identity, at) => identity !== this.opened[at]);
    if (changed < 0) return;
    const name = `${basename(this.file)}${['', '-wal', '-shm'][changed]}`;
    this.lost = `${name} was deleted or replaced while it was in use`;
    log.fatal(
      { file: name },
      `${this.lost}: ${this.isExpendable ? 'what it held is counted anew' : 'nothing more is recorded until this process is started again'}`,
    );
    if (this.isExpendable) return;
    if (wal === '' && file === this.opened[0] && memory === this.opened[2]) this.saveWal();
  }

  private saveWal(): void {
    try {
      this.checkpointWal();
      log.warn({ file: basename(this.file) }, 'what the deleted WAL held was brought into the file');
    } catch (error) {
      log.error({ err: error, file: basename(this.file) }, 'what the deleted WAL held could not be brought into the file');
    }
  }

  /** Device and inode of the file, its WAL and its shared memory; empty for what is not there. */
  private identities(): readonly string[] {
    return ['', '-wal', '-shm'].map((suffix) => {
      const found = statSync(`${this.file}${suffix}`, { throwIfNoEntry: false });
      return found ? `${found.dev}:${found.ino}` : '';
    });
  }
}
