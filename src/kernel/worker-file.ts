import { existsSync } from 'node:fs';

/** The compiled file of a worker thread, by its path below `src`; found in `dist` also when the sources run directly, as in tests. */
export function workerFile(path: string): URL {
  const built = new URL(`../${path}`, import.meta.url);
  return existsSync(built) ? built : new URL(`../../dist/src/${path}`, import.meta.url);
}
