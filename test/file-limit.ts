import { type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Limits the size of the files that a process can write; undefined removes the limit. Writes beyond it fail with EFBIG, which SQLite
 * treats like the ENOSPC of a full disk. Any user may limit their own process on any disk, while filling a disk needs root (test/processes/full-disk.test.ts does that too, where it may).
 */
export async function limitFiles({ pid }: ChildProcess, bytes?: number): Promise<void> {
  try {
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:`]);
  } catch (error) {
    if (!/No such process/.test(String(error))) throw error; // it has ended by itself
  }
}
