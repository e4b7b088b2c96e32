import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { damageOf } from '../../src/sqlite/integrity.js';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';
import { SqliteFile } from '../../src/sqlite/sqlite-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'left-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('A SQLite file that is gone while its WAL or shared memory is there', () => {
  it.each([[['-wal']], [['-shm']], [['-wal', '-shm']]])(
    'A SQLite file that is gone while its WAL or shared memory is there is named with its remedy and not created: %j',
    (suffixes) => {
      const file = join(folder, 'kept.sqlite');
      for (const suffix of suffixes) writeFileSync(file + suffix, 'of the file that is gone');
      const says = `${file} 不见了，旁边还有 ${suffixes.map((suffix) => `kept.sqlite${suffix}`).join('、')}：move them away`;
      const open = () => new SqliteFile(file, { timeout: 100, remedy: 'move them away' });
      expect(open).toThrow(new DamagedFile(says));
      expect(damageOf(file, 'move them away', false)).toBe(says);
      expect(existsSync(file)).toBe(false);
      for (const suffix of suffixes) rmSync(file + suffix);
      open().close();
      expect(damageOf(file, 'move them away', true)).toBeUndefined();
    },
  );
});
