import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, renameSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner } from '../kernel/file-owner.js';
import { log } from '../kernel/log.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { isExclusive, openExclusively } from './exclusive-mode.js';

/** Bytes that are kept for a start on a full disk: SQLite cannot even read its files without making others beside them. */
const RESERVE = 4 * 1024 * 1024;
/** A disk with fewer bytes left is full. */
const FULL = 1024 * 1024;
/** Bytes that SQLite needs beside the files of a folder before it can read them. */
const BESIDE = 256 * 1024;
/** Bytes that are left before the reserve is taken again. */
const ROOMY = 2 * RESERVE;
/** Milliseconds between two looks at the disk. */
const POLL_INTERVAL = 1_000;

/**
 * Space in DATA_DIR that a start on a full disk gives up for opening the stores. Until it could be taken again, nothing is
 * appended to the log (`assertRoom`): what little there is serves those who read, and the next start. That it is given up is
 * told by its name, not by its size: another process may just be writing it.
 */
export class DiskReserve {
  private readonly taken: string;
  private readonly givenUp: string;
  private looking: NodeJS.Timeout | undefined;
  private isFull = false;

  private constructor(private readonly folder: string) {
    this.taken = join(folder, TAKEN);
    this.givenUp = join(folder, GIVEN_UP);
  }

  /**
   * To be called before the stores are opened. Where there is no reserve, as at the first start of a release that keeps one, or
   * another program has taken it, SQLite opens the files for this process alone, which takes no space.
   * @param isOnlyOne whether no other process is meant to work in the folder
   */
  static prepare(folder: string, isOnlyOne: boolean): DiskReserve {
    const reserve = new DiskReserve(folder);
    if (reserve.left() < FULL) reserve.giveUp();
    if (isOnlyOne && reserve.left() < BESIDE && !reserve.isShared()) openExclusively();
    reserve.look();
    reserve.looking = setInterval(() => reserve.look(), POLL_INTERVAL).unref();
    return reserve;
  }

  /** For readiness; undefined while all is well. */
  get healthProblem(): HealthProblem | undefined {
    if (this.isFull) return { scope: 'everywhere', reason: FULL_DISK };
    return isExclusive() ? { scope: 'everywhere', reason: STILL_ALONE } : undefined;
  }

  /** To be called once the stores are closed: the next start finds what they have left. */
  close(): void {
    clearInterval(this.looking);
    if (!this.isTaken()) this.take();
  }

  private look(): void {
    if (!this.isTaken() && this.left() >= ROOMY) this.take();
    const wasFull = this.isFull;
    const isTaken = this.isTaken();
    this.isFull = !isTaken || this.left() < FULL;
    if (!isTaken) moveIfThere(this.taken, this.givenUp);
    if (this.isFull && !wasFull) log.error({ left: this.left() }, FULL_DISK);
    if (wasFull && !this.isFull) log.info('the disk of DATA_DIR has room again');
    if (wasFull && !this.isFull && isExclusive()) log.warn(STILL_ALONE);
  }

  private giveUp(): void {
    try {
      const handle = openSync(this.taken, 'a', 0o600);
      inheritOwner(this.taken);
      ftruncateSync(handle, 0);
      closeSync(handle);
    } catch (error) {
      if (!isFullError(error)) throw error; // there was none, and there is no room for its name: the disk itself refuses what is appended
    }
  }

  /** What processes share beside the files: it is there while one has them open, and after one that was killed. */
  private isShared(): boolean {
    return readdirSync(this.folder).some((name) => name.endsWith('.sqlite-shm'));
  }

  /** As much of it as there is room for. */
  private take(): void {
    const file = existsSync(this.givenUp) ? this.givenUp : this.taken;
    const handle = openSync(file, 'a', 0o600);
    inheritOwner(file);
    const block = Buffer.alloc(FULL / 16);
    try {
      for (let missing = RESERVE - sizeOf(file); missing > 0; ) missing -= writeSync(handle, block, 0, Math.min(block.length, missing));
    } catch (error) {
      if (!isFullError(error)) throw error;
    } finally {
      closeSync(handle);
    }
    if (sizeOf(this.givenUp) >= RESERVE) moveIfThere(this.givenUp, this.taken);
  }

  private isTaken(): boolean {
    return sizeOf(this.taken) >= RESERVE;
  }

  /** Bytes that this process may still write. */
  private left(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }
}

const FULL_DISK = 'the disk of DATA_DIR is full';
const STILL_ALONE = 'this process was started on a full disk and keeps all others out of the files of DATA_DIR until it is started again';

/** The names of its file. */
const TAKEN = 'reserve';
const GIVEN_UP = 'reserve.given-up';

/** @throws StoreUnavailable while a start on a full disk has given up the reserve of the folder */
export function assertRoom(folder: string): void {
  if (!hasRoom(folder)) throw new StoreUnavailable(FULL_DISK);
}

/** Whether something may be recorded as far as the disk of the folder is concerned. */
export function hasRoom(folder: string): boolean {
  return !existsSync(join(folder, GIVEN_UP));
}

/** Zero where there is no such file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Another process may have moved it. */
function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function isFullError(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
