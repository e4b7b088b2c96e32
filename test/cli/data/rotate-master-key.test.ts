import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scratch, smallBatch } from '../../imports/scratch.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEXT = Buffer.alloc(32, 2).toString('base64');

const importing = (folder: string, data: string, key: string) => told(['import', folder, '--json'], { DATA_DIR: data, MASTER_KEY: key });
const rotating = (data: string, environment: Readonly<Record<string, string>>) => told(['rotate-master-key', '--json'], { DATA_DIR: data, ...environment });

describe('`personal-centre rotate-master-key`', () => {
  it('`personal-centre rotate-master-key` gives everybody to the new key: the same batch again records nothing, and the old key opens nothing', async () => {
    const { folder, data } = await smallBatch();
    expect(await importing(folder, data, OLD)).toMatchObject({ code: 0 });
    const rotated = await rotating(data, { MASTER_KEY: NEXT, MASTER_KEY_OLD: OLD });
    expect({ ...jsonOf(rotated), code: rotated.code }).toEqual({ code: 0, dataDir: data, changed: 6, dropped: 0 });
    expect(jsonOf(await importing(folder, data, NEXT))).toMatchObject({ recorded: 0, bad: 0 });
    const refused = await importing(folder, data, OLD);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^MASTER_KEY 不是/m) });
  });

  it('`personal-centre rotate-master-key` refuses keys that do not fit, a missing one, and a folder without a vault, which it does not make', async () => {
    const { folder, data } = await smallBatch(1);
    await importing(folder, data, OLD);
    expect(await rotating(data, { MASTER_KEY: OLD, MASTER_KEY_OLD: NEXT })).toMatchObject({ code: 1, stderr: expect.stringContaining('请把两者对调') });
    expect(await rotating(data, { MASTER_KEY: NEXT })).toMatchObject({ code: 2, stderr: expect.stringMatching(/^设置有误：MASTER_KEY_OLD: /) });
    const wrong = await rotating(data, { MASTER_KEY: NEXT, MASTER_KEY_OLD: Buffer.alloc(32, 3).toString('base64') });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^MASTER_KEY_OLD 不是/) });
    const empty = join(await scratch(), 'empty');
    await mkdir(empty);
    expect(await rotating(empty, { MASTER_KEY: NEXT, MASTER_KEY_OLD: OLD })).toMatchObject({ code: 1, stderr: expect.stringContaining('没有 events.sqlite') });
  });
});
