import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner } from '../kernel/file-owner.js';
import { log } from '../kernel/log.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { enableExclusiveMode, isExclusiveMode } from './exclusive-mode.js';
import { FULL_BELOW, freeBytes, MAKE_ROOM } from './free-bytes.js';

/** Bytes reserved for a start on a full disk, because SQLite needs to create files before it can read a database. */
const RESERVE = 4 * 1024 * 1024;
/** Bytes that SQLite needs for shared-memory files before it can read the files of a folder. */
const SHARED_MEMORY_SPACE = 256 * 1024;
/** Free bytes from which on the reserve is filled again. */
const REFILL_ABOVE = 2 * RESERVE;
/** Milliseconds between two checks of the disk. */
const POLL_INTERVAL = 1_000;

/**
 * Reserved space in DATA_DIR that a start on a full disk releases, so that the stores can be opened. Until it is filled again nothing
 * is appended to the log (`assertDiskSpace`): the little space left is for readers and the next start. The file's name says that it is
 * released, not its size, because another process may be writing it.
 */
export class DiskReserve {
  private readonly file: string;
  private readonly releasedFile: string;
  private timer: NodeJS.Timeout | undefined;
  private isFull = false;

  private constructor(private readonly folder: string) {
    this.file = join(folder, FILE_NAME);
    this.releasedFile = join(folder, RELEASED_FILE_NAME);
  }

  /**
   * To be called before the stores are opened. When the reserve is missing, or another program has used the space, SQLite opens the
   * files in exclusive mode, which needs no space.
   * @param isOnlyProcess whether no other process is meant to work in the folder
   */
  static prepare(folder: string, isOnlyProcess: boolean): DiskReserve {
    const reserve = new DiskReserve(folder);
    if (reserve.left() < FULL_BELOW) reserve.release();
    if (isOnlyProcess && reserve.left() < SHARED_MEMORY_SPACE && !reserve.hasSharedMemory()) enableExclusiveMode();
    reserve.check();
    reserve.timer = setInterval(() => reserve.check(), POLL_INTERVAL).unref();
    return reserve;
  }

  /** For readiness; undefined while healthy. */
  get healthProblem(): HealthProblem | undefined {
    if (this.isFull) return { scope: 'everywhere', reason: '数据文件夹（DATA_DIR）所在的磁盘已满' };
    return isExclusiveMode() ? { scope: 'everywhere', reason: '这个进程在磁盘已满时启动，重新启动之前别的进程都不能使用 DATA_DIR 中的文件' } : undefined;
  }

  /** To be called after the stores are closed, to fill the reserve with the space that they have freed. */
  close(): void {
    clearInterval(this.timer);
    if (!this.isTaken()) this.fill();
  }

  private check(): void {
    if (!this.isTaken() && this.left() >= REFILL_ABOVE) this.fill();
    const wasFull = this.isFull;
    const isComplete = this.isTaken();
    this.isFull = !isComplete || this.left() < FULL_BELOW;
    if (!isComplete) moveIfThere(this.file, this.releasedFile);
    if (this.isFull && !wasFull) log.error({ freeBytes: this.left() }, FULL_DISK);
    if (wasFull && !this.isFull) log.info('the disk of DATA_DIR has room again');
    if (wasFull && !this.isFull && isExclusiveMode()) log.warn(STILL_EXCLUSIVE);
  }

  private release(): void {
    try {
      const handle = openSync(this.file, 'a', 0o600);
      inheritOwner(this.file);
      ftruncateSync(handle, 0);
      closeSync(handle);
    } catch (error) {
      if (!isFullError(error)) throw error; // no reserve existed and its file cannot be created; appends then fail at the disk itself
    }
  }

  /** Whether a process has a file open or was killed while it had. */
  private hasSharedMemory(): boolean {
    return readdirSync(this.folder).some((name) => name.endsWith('.sqlite-shm'));
  }

  /** Fills the reserve as far as the disk has space. */
  private fill(): void {
    const file = existsSync(this.releasedFile) ? this.releasedFile : this.file;
    const handle = openSync(file, 'a', 0o600);
    inheritOwner(file);
    const block = Buffer.alloc(FULL_BELOW / 16);
    try {
      for (let missing = RESERVE - sizeOf(file); missing > 0; ) missing -= writeSync(handle, block, 0, Math.min(block.length, missing));
    } catch (error) {
      if (!isFullError(error)) throw error;
    } finally {
      closeSync(handle);
    }
    if (sizeOf(this.releasedFile) >= RESERVE) moveIfThere(this.releasedFile, this.file);
  }

  private isTaken(): boolean {
    return sizeOf(this.file) >= RESERVE;
  }

  /** Bytes that this process can still write. */
  private left(): number {
    return freeBytes(this.folder);
  }
}

const FULL_DISK = 'the disk of DATA_DIR is full';
const STILL_EXCLUSIVE = 'this process was started on a full disk and locks all others out of the files of DATA_DIR until it is restarted';

/** The names of the reserve's file. */
const FILE_NAME = 'reserve';
const RELEASED_FILE_NAME = 'reserve.given-up';

/** @throws StoreUnavailable while the reserve of the folder is released and cannot be filled again */
export function assertDiskSpace(folder: string, free: FreeBytes = freeBytes): void {
  if (!hasDiskSpace(folder, free)) throw new StoreUnavailable(MAKE_ROOM);
}

/**
 * Whether events may be recorded: the reserve of the folder is not released, or there is room to fill it again. A running centre does
 * that within a second; where none runs, nobody does.
 */
export function hasDiskSpace(folder: string, free: FreeBytes = freeBytes): boolean {
  return !existsSync(join(folder, RELEASED_FILE_NAME)) || free(folder) >= REFILL_ABOVE;
}

/** Free bytes on the disk of a folder. */
type FreeBytes = (folder: string) => number;

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
