import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { FULL_BELOW, freeBytes } from './free-bytes.js';

/** A file is damaged. The message says which, and what the operator can do. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
/** Primary result codes that do not depend on the statement: busy, locked, read-only, I/O error, full, cannot open. */
const TRANSIENT = new Set([BUSY, LOCKED, 8, 10, FULL, 14]);
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26]);

/** Translates an error of SQLite on this file into StoreUnavailable or DamagedFile, or returns it unchanged. */
export function translateSqliteError(error: unknown, file: string, remedy: string): unknown {
  const code = resultCode(error);
  const { message } = error as Error;
  if (TRANSIENT.has(code)) return new StoreUnavailable(`${basename(file)} 现在无法使用：${explained(code, file)}（${message}）`, { cause: error });
  if (DAMAGED.has(code)) return new DamagedFile(`${file} 已损坏（${message}）：${remedy}`, { cause: error });
  return error;
}

/** What the operator can look at, by a transient result code. */
function explained(code: number, file: string): string {
  if (code === BUSY || code === LOCKED) return '另一个程序正在使用它，请稍后再试';
  // SQLite calls it an I/O error when it cannot make its shared memory
  const isFull = existsSync(dirname(file)) && freeBytes(dirname(file)) < FULL_BELOW;
  if (code === FULL || isFull) return '磁盘已满，请腾出空间';
  return '请检查磁盘和文件的权限';
}

/** Whether another connection has locked the file. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY || (error instanceof StoreUnavailable && resultCode(error.cause) === BUSY);
}

/** SQLite's primary result code; 0 for any other error. */
function resultCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
