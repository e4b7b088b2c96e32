import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes to a file until its disk is full, as other programs may. */
export function fillDisk(file: string): void {
  const handle = openSync(file, 'w');
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
}
