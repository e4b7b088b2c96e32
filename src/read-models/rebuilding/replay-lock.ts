import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../../kernel/file-owner.js';
import { ensurePrivateFile } from '../../sqlite/private-file.js';
import { REMOVE } from '../../sqlite/remedies.js';
import { isBusy, translateSqliteError } from '../../sqlite/sqlite-errors.js';

/** Another process works in the folder. */
export class AlreadyReplaying extends Error {
  override readonly name = 'AlreadyReplaying';
}

/** Whether another process works in the folder; it is not made to look into it. */
export function isReplaying(folder: string): boolean {
  if (!existsSync(join(folder, 'lock'))) return false;
  try {
    lockFolder(folder)();
    return false;
  } catch (error) {
    if (error instanceof AlreadyReplaying) return true;
    throw error;
  }
}

/**
 * Makes the folder, for its owner alone, and locks it until the returned function is called. It is a lock of SQLite, which the
 * system releases when a process dies.
 * @throws AlreadyReplaying, DamagedFile, StoreUnavailable
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const file = join(folder, 'lock');
  ensurePrivateFile(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) throw new AlreadyReplaying('另一个进程正在重建或核对，请等它完成');
    throw translateSqliteError(error, file, REMOVE);
  }
  return () => db.close();
}
