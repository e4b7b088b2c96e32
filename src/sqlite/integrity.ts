import { existsSync } from 'node:fs';
import { query } from './query.js';
import { DamagedFile } from './sqlite-errors.js';
import { SqliteFile } from './sqlite-file.js';

/** Damages of one file that are told. */
const MAX_TOLD = 3;

/**
 * What is damaged in a file, with what to do; undefined where nothing is, or there is no such file. SQLite looks at its header and its
 * size; with `thorough` it reads all of it (PRAGMA integrity_check), its indexes against its tables too.
 * @throws StoreUnavailable
 */
export function damageOf(file: string, remedy: string, thorough: boolean): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const db = new SqliteFile(file, { timeout: 10_000, remedy });
    try {
      if (!thorough) return undefined;
      const told = query<{ readonly integrity_check: string }>(db, `PRAGMA integrity_check(${MAX_TOLD})`).all();
      const damages = told.map(({ integrity_check: damage }) => damage.replaceAll('\n', ' ')).filter((damage) => damage !== 'ok');
      return damages.length > 0 ? `${file} 已损坏（${damages.join('；')}）：${remedy}` : undefined;
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof DamagedFile) return error.message;
    throw error;
  }
}
