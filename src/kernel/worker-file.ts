import { existsSync } from 'node:fs';

/**
 * A worker's file, given by its path in the built `src`: there once built; while the sources themselves run, as in tests,
 * the built one serves.
 */
export function workerFile(path: string): URL {
  const built = new URL(`../${path}`, import.meta.url);
  return existsSync(built) ? built : new URL(`../../dist/src/${path}`, import.meta.url);
}
