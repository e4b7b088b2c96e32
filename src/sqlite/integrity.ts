import { existsSync } from 'node:fs';
import { leftBehind } from './left-behind.js';
import { query } from './query.js';
import { DamagedFile } from './sqlite-errors.js';
import { SqliteFile } from './sqlite-file.js';

/** The most damages of one file that are reported. */
const MAX_DAMAGES = 3;

/**
 * Describes the damage of a file with its remedy; undefined when it is not damaged or does not exist. SQLite checks its header and size;
 * with `thorough` it reads the whole file and compares indexes with tables (PRAGMA integrity_check).
 * @throws StoreUnavailable
 */
export function damageOf(file: string, remedy: string, thorough: boolean): string | undefined {
  const left = leftBehind(file);
  if (left !== undefined) return `${left}：${remedy}`;
  if (!existsSync(file)) return undefined;
  try {
    const db = new SqliteFile(file, { timeout: 10_000, remedy });
    try {
      if (!thorough) return undefined;
      const rows = query<{ readonly integrity_check: string }>(db, `PRAGMA integrity_check(${MAX_DAMAGES})`).all();
      const damages = rows.map(({ integrity_check: damage }) => damage.replaceAll('\n', ' ')).filter((damage) => damage !== 'ok');
      return damages.length > 0 ? `${file} 已损坏（${damages.join('；')}）：${remedy}` : undefined;
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof DamagedFile) return error.message;
    throw error;
  }
}
