import { closeSync, ftruncateSync, openSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailable } from './event-store/append.js';
import { log } from './log.js';
import { giveToOwner } from './owner.js';
import type { Ailment } from './readiness.js';

/** Bytes that are kept for a start on a full disk: SQLite cannot even read its files without making others beside them. */
const RESERVE = 4 * 1024 * 1024;
/** A disk with fewer bytes left is full. */
const FULL = 1024 * 1024;
/** Bytes that are left before the reserve is taken again. */
const ROOMY = 2 * RESERVE;
/** Milliseconds between two looks at the disk. */
const LOOK_EVERY = 1_000;

/**
 * Space in DATA_DIR that a start on a full disk gives up for opening the stores. Until it could be taken again, nothing is
 * appended to the log (`assertRoom`): what little there is serves those who read, and the next start.
 */
export class DiskReserve {
  private readonly file: string;
  private looking: NodeJS.Timeout | undefined;
  private isFull = false;

  private constructor(private readonly folder: string) {
    this.file = fileIn(folder);
  }

  /** To be called before the stores are opened. */
  static prepare(folder: string): DiskReserve {
    const reserve = new DiskReserve(folder);
    if (reserve.left() < FULL) reserve.giveUp();
    reserve.look();
    reserve.looking = setInterval(() => reserve.look(), LOOK_EVERY).unref();
    return reserve;
  }

  /** For readiness; undefined while all is well. */
  get ailment(): Ailment | undefined {
    return this.isFull ? { of: 'everywhere', says: FULL_DISK } : undefined;
  }

  /** To be called once the stores are closed: the next start finds what they have left. */
  close(): void {
    clearInterval(this.looking);
    if (!isTaken(this.file)) this.take();
  }

  private look(): void {
    if (!isTaken(this.file) && this.left() >= ROOMY) this.take();
    const wasFull = this.isFull;
    this.isFull = !isTaken(this.file) || this.left() < FULL;
    if (this.isFull && !wasFull) log.error({ left: this.left() }, FULL_DISK);
    if (wasFull && !this.isFull) log.info('the disk of DATA_DIR has room again');
  }

  private giveUp(): void {
    const handle = openSync(this.file, 'a', 0o600);
    giveToOwner(this.file);
    ftruncateSync(handle, 0);
    closeSync(handle);
  }

  /** As much of it as there is room for. */
  private take(): void {
    const handle = openSync(this.file, 'a', 0o600);
    giveToOwner(this.file);
    const block = Buffer.alloc(FULL / 16);
    try {
      for (let missing = RESERVE - statSync(this.file).size; missing > 0; ) missing -= writeSync(handle, block, 0, Math.min(block.length, missing));
    } catch (error) {
      if (!isFullError(error)) throw error;
    } finally {
      closeSync(handle);
    }
  }

  /** Bytes that this process may still write. */
  private left(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }
}

const FULL_DISK = 'the disk of DATA_DIR is full';

/** @throws StoreUnavailable while a start on a full disk has given up the reserve of the folder */
export function assertRoom(folder: string): void {
  const size = statSync(fileIn(folder), { throwIfNoEntry: false })?.size;
  if (size !== undefined && size < RESERVE) throw new StoreUnavailable(FULL_DISK);
}

function isTaken(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE;
}

function fileIn(folder: string): string {
  return join(folder, 'reserve');
}

function isFullError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
