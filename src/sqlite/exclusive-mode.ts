import { pathToFileURL } from 'node:url';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** A key in this thread's environment data, which the threads that it starts inherit. */
const EXCLUSIVE = 'SQLite files are opened for this process alone';

/**
 * Makes this process open SQLite files in exclusive mode from now on. It then keeps the WAL index in its own memory instead of the
 * `-shm` file, whose 32 KiB must be on the disk before anything can be read. Files that are already open are not affected.
 */
export function enableExclusiveMode(): void {
  setEnvironmentData(EXCLUSIVE, true);
}

export function isExclusiveMode(): boolean {
  return getEnvironmentData(EXCLUSIVE) === true;
}

/** The name or URI with which SQLite opens a file. */
export function sqliteName(file: string): string | URL {
  if (!isExclusiveMode()) return file;
  const name = pathToFileURL(file);
  name.searchParams.set('vfs', 'unix-excl');
  return name;
}
