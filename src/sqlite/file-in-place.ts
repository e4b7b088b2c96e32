import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { log } from '../kernel/log.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** Milliseconds between two looks. */
const POLL_INTERVAL = 1_000;

/** All that this thread has open. */
const open = new Set<FileInPlace>();
let looking: NodeJS.Timeout | undefined;

/** Whether a file that this thread has open was lost, for readiness. */
export function lostFiles(): HealthProblem | undefined {
  for (const { lost, isExpendable } of open) if (lost !== undefined && !isExpendable) return { scope: 'process', reason: lost };
  return undefined;
}

/**
 * Whether an open SQLite file, its WAL and its shared memory are still those that were opened. What is written to a WAL that
 * another program has deleted is gone with the process; so once one file of a folder is lost, all of that folder take no
 * more writes in this thread. Other threads and processes notice by themselves.
 */
export class FileInPlace {
  /** Why the file takes no more writes. */
  lost: string | undefined;
  private readonly folder: string;
  private readonly opened: readonly string[];

  private constructor(
    private readonly file: string,
    readonly isExpendable: boolean,
    private readonly bringIn: () => void,
  ) {
    this.folder = dirname(file);
    this.opened = this.identities();
  }

  /**
   * From now on, until `leave`.
   * @param bringIn brings what is in the WAL into the file; done when the WAL alone was deleted, while nobody else can have written
   */
  static watch(file: string, isExpendable: boolean, bringIn: () => void): FileInPlace {
    const watched = new FileInPlace(file, isExpendable, bringIn);
    open.add(watched);
    looking ??= setInterval(() => {
      for (const each of open) each.look();
    }, POLL_INTERVAL).unref();
    return watched;
  }

  leave(): void {
    open.delete(this);
    if (open.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  /** @throws StoreUnavailable when a file of the folder is known to be lost */
  assertKept(): void {
    for (const { folder, lost, isExpendable } of open) {
      if (lost !== undefined && folder === this.folder && (!isExpendable || lost === this.lost)) throw new StoreUnavailable(lost);
    }
  }

  /** Looks, too. @throws StoreUnavailable */
  assertStillKept(): void {
    this.look();
    this.assertKept();
  }

  private look(): void {
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
    if (wal === '' && file === this.opened[0] && memory === this.opened[2]) this.save();
  }

  private save(): void {
    try {
      this.bringIn();
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
