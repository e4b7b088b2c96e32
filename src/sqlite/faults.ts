import { basename } from 'node:path';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** A SQLite file that cannot be read as one, or no longer whole; the message says which, and what to do. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

const BUSY = 5;
/** Primary result codes that say nothing about what was asked: busy, locked, read-only, I/O error, full, cannot open. */
const PASSING = new Set([BUSY, 6, 8, 10, 13, 14]);
/** Malformed, and no database at all. */
const DAMAGED = new Set([11, 26]);

/** What an error of SQLite on this file means: StoreUnavailable, DamagedFile, or the error itself. */
export function meaningOf(error: unknown, file: string, remedy: string): unknown {
  const code = resultCode(error);
  const words = (error as Error).message;
  if (PASSING.has(code)) return new StoreUnavailable(`${basename(file)} cannot be used now: ${words}`, { cause: error });
  if (DAMAGED.has(code)) return new DamagedFile(`${file} 已损坏（${words}）：${remedy}`, { cause: error });
  return error;
}

/** Whether another connection holds the file. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY || (error instanceof StoreUnavailable && resultCode(error.cause) === BUSY);
}

/** SQLite's primary result code, 0 for any other error. */
function resultCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
