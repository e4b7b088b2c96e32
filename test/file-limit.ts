import { type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * From now on a process can write to its files only up to so many bytes; undefined: again as far as it likes. What is beyond fails
 * with EFBIG, which SQLite takes as it takes the ENOSPC of a full disk. Any user may do so to a process of theirs, at any moment and
 * on any disk; a disk of its own to fill takes root (test/processes/full-disk.test.ts does that too, where it may).
 */
export async function limitFiles({ pid }: ChildProcess, bytes?: number): Promise<void> {
  try {
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:`]);
  } catch (error) {
    if (!/No such process/.test(String(error))) throw error; // it has ended by itself
  }
}
