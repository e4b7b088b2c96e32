import { pathToFileURL } from 'node:url';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** By which this thread, and all threads that it begins, know. */
const ALONE = 'SQLite files are opened for this process alone';

/**
 * From now on this process opens SQLite files for itself alone: it keeps what is shared with other processes (the `-shm` file,
 * 32 KiB that must be on the disk before anything can be read) in its own memory. Files that are open already stay as they are.
 */
export function openAlone(): void {
  setEnvironmentData(ALONE, true);
}

export function isAlone(): boolean {
  return getEnvironmentData(ALONE) === true;
}

/** By what name SQLite opens a file. */
export function sqliteName(file: string): string | URL {
  if (!isAlone()) return file;
  const name = pathToFileURL(file);
  name.searchParams.set('vfs', 'unix-excl');
  return name;
}
