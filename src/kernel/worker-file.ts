import { existsSync } from 'node:fs';

/** The compiled file of a worker thread. When the sources run directly, as in tests, it is taken from `dist`. @param path below `src` */
export function workerFile(path: string): URL {
  const built = new URL(`../${path}`, import.meta.url);
  return existsSync(built) ? built : new URL(`../../dist/src/${path}`, import.meta.url);
}
