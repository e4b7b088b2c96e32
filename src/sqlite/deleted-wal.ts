import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { errorCode } from '../kernel/error-code.js';

/**
 * Whether a process on this machine works with a WAL of a file that was deleted. A connection that is opened then would make a new WAL,
 * while the shared memory tells what is in the deleted one: commits would be lost. Where a file is closed, SQLite deletes the shared
 * memory before the WAL, so one without the other is looked into.
 */
export function isDeletedWalInUse(file: string): boolean {
  const memory = inodeOf(`${file}-shm`);
  if (memory === undefined || existsSync(`${file}-wal`) || inodeOf(`${file}-shm`) !== memory) return false;
  const deleted = `${realpathSync(file)}-wal (deleted)`;
  return entriesOf('/proc').some((process) => /^\d+$/.test(process) && hasOpen(`/proc/${process}/fd`, deleted));
}

/** The shared memory and the WAL beside a file, by their inodes. */
export interface Beside {
  readonly memory: number | undefined;
  readonly wal: number | undefined;
}

export function besideOf(file: string): Beside {
  return { memory: inodeOf(`${file}-shm`), wal: inodeOf(`${file}-wal`) };
}

/** Whether the WAL was deleted under this process while it opened another connection: that has the same shared memory and another WAL. */
export function wasWalDeletedSince(file: string, before: Beside): boolean {
  const { memory, wal } = besideOf(file);
  if (memory === undefined || memory !== before.memory || wal === before.wal) return false;
  return hasOpen('/proc/self/fd', `${realpathSync(file)}-wal (deleted)`);
}

function hasOpen(folder: string, target: string): boolean {
  return entriesOf(folder).some((each) => targetOf(`${folder}/${each}`) === target);
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** None of a process that has ended or is another user's, nor where there is no /proc. */
function entriesOf(folder: string): readonly string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

function targetOf(link: string): string | undefined {
  return unlessGone(() => readlinkSync(link));
}

const GONE = ['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'ENOTDIR'];

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (GONE.includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
