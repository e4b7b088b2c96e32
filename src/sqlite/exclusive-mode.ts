import { pathToFileURL } from 'node:url';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** Environment data of this thread, inherited by the threads that it starts. */
const EXCLUSIVE = 'SQLite files are opened for this process alone';

/**
 * From now on this process opens SQLite files in exclusive mode: the shared-memory index (`-shm`, 32 KiB that must be on the disk
 * before anything can be read) is kept in its own memory. Files that are open already are not affected.
 */
export function openExclusively(): void {
  setEnvironmentData(EXCLUSIVE, true);
}

export function isExclusive(): boolean {
  return getEnvironmentData(EXCLUSIVE) === true;
}

/** The name or URI with which SQLite opens a file. */
export function sqliteName(file: string): string | URL {
  if (!isExclusive()) return file;
  const name = pathToFileURL(file);
  name.searchParams.set('vfs', 'unix-excl');
  return name;
}
