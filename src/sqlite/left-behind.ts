import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Says that a file is gone while its WAL or shared memory is there: it was deleted under a process that is running, or after one was
 * killed. A new file beside them would take over what belongs to the old one, and be damaged. Undefined where it is not so.
 */
export function leftBehind(file: string): string | undefined {
  const left = ['-wal', '-shm'].map((suffix) => file + suffix).filter((each) => existsSync(each));
  if (left.length === 0 || existsSync(file)) return undefined; // in this order: whoever makes the file makes it first
  return `${file} 不见了，旁边还有 ${left.map((each) => basename(each)).join('、')}`;
}
