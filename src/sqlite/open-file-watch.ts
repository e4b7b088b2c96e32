import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { log } from '../kernel/log.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** Milliseconds between two checks. */
const POLL_INTERVAL = 1_000;

/** One watch for each file that this thread has open. */
const openWatches = new Set<OpenFileWatch>();
let timer: NodeJS.Timeout | undefined;

/** Health check: undefined unless a file that this thread has open was deleted or replaced. */
export function lostFileProblem(): HealthProblem | undefined {
  for (const { lost, isExpendable } of openWatches)
    if (lost !== undefined && !isExpendable) return { scope: 'process', reason: `${lost} 在使用中被删除或替换` };
  return undefined;
}

/**
 * Watches whether an open SQLite file, its WAL and its shared memory are still the files that were opened. Writes to a deleted WAL are
 * lost when the process ends. So once a file of a folder is lost, this thread refuses writes to all files of that folder; other threads
 * and processes have watches of their own.
 */
export class OpenFileWatch {
  /** The name of the file that is lost, so that writes are refused; undefined while none is. */
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
   * @param checkpointWal copies the WAL into the file; called when only the WAL was deleted, and none or an empty one is in its place,
   *   because then nobody else can have written
   */
  static watch(file: string, isExpendable: boolean, checkpointWal: () => void): OpenFileWatch {
    const watched = new OpenFileWatch(file, isExpendable, checkpointWal);
    openWatches.add(watched);
    timer ??= setInterval(() => {
      for (const each of openWatches) each.check();
    }, POLL_INTERVAL).unref();
    return watched;
  }

  unwatch(): void {
    openWatches.delete(this);
    if (openWatches.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** @throws StoreUnavailable when a file of the folder is known to be lost */
  assertNotLost(): void {
    for (const { folder, lost, isExpendable } of openWatches) {
      if (lost !== undefined && folder === this.folder && (!isExpendable || lost === this.lost))
        throw new StoreUnavailable(`${lost} 在使用中被删除或替换：重新启动使用它的程序之前，不再记录`);
    }
  }

  /** Checks now, rather than at the next interval. @throws StoreUnavailable */
  checkNotLost(): void {
    this.check();
    this.assertNotLost();
  }

  private check(): void {
    if (this.lost !== undefined) return;
    const found = this.identities();
    const changed = found.findIndex((identity, at) => identity !== this.opened[at]);
    if (changed < 0) return;
    const name = `${basename(this.file)}${['', '-wal', '-shm'][changed]}`;
    this.lost = name;
    log.fatal(
      { file: name },
      `${name} was deleted or replaced while it was in use: ${this.isExpendable ? 'its contents are lost and are counted from zero' : 'nothing more is recorded until this process is restarted'}`,
    );
    if (this.isExpendable) return;
    if (found[0] === this.opened[0] && found[2] === this.opened[2] && !this.hasOtherWal()) this.saveWal();
  }

  /** Whether another WAL has begun in place of the deleted one. */
  private hasOtherWal(): boolean {
    return (statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  private saveWal(): void {
    try {
      this.checkpointWal();
      log.warn({ file: basename(this.file) }, 'the contents of the deleted WAL were copied into the file');
    } catch (error) {
      log.error({ err: error, file: basename(this.file) }, 'the contents of the deleted WAL could not be copied into the file');
    }
  }

  /** Device and inode of the file, its WAL and its shared memory; empty for one that does not exist. */
  private identities(): readonly string[] {
    return ['', '-wal', '-shm'].map((suffix) => {
      const found = statSync(`${this.file}${suffix}`, { throwIfNoEntry: false });
      return found ? `${found.dev}:${found.ino}` : '';
    });
  }
}
