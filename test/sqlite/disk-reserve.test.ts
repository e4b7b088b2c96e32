import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { assertDiskSpace, DiskReserve } from '../../src/sqlite/disk-reserve.js';

describe('The reserve of a data folder on a disk with room', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reserve-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('The reserve of a data folder on a disk with room does not block appends while another process is writing it', () => {
    writeFileSync(join(folder, 'reserve'), 'the first of many blocks');
    expect(() => assertDiskSpace(folder)).not.toThrow();
  });

  it.each(['reserve', 'reserve.given-up'])(
    'The reserve of a data folder on a disk with room is filled by the next start that finds the file %s too small',
    (name) => {
      writeFileSync(join(folder, name), '');
      const reserve = DiskReserve.prepare(folder, true);
      reserve.close();
      expect(reserve.healthProblem).toBeUndefined();
      expect(readdirSync(folder)).toEqual(['reserve']);
      expect(statSync(join(folder, 'reserve')).size).toBe(4 * 1024 * 1024);
      expect(() => assertDiskSpace(folder)).not.toThrow();
    },
  );

  it('The reserve of a data folder on a disk with room blocks appends while it is released and the disk has no room to fill it again', () => {
    writeFileSync(join(folder, 'reserve.given-up'), '');
    expect(() => assertDiskSpace(folder, () => 7 * 1024 * 1024)).toThrow(StoreUnavailable);
  });
});
