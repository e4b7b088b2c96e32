import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { smallBatch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { type Ended, jsonOf, run } from '../run.js';

describe('personal-centre status', () => {
  const kept = mkdtempSync(join(tmpdir(), 'status-'));
  let data: string;
  const status = (): Promise<Ended> => run(['status', '--json'], { DATA_DIR: data }).ended;

  beforeAll(async () => {
    const batch = await smallBatch(2);
    for (const args of [['import', batch.folder], ['catch-up']]) expect(await run(args, { DATA_DIR: batch.data }).ended).toMatchObject({ code: 0 });
    cpSync(batch.data, join(kept, 'data'), { recursive: true });
  });
  afterAll(() => rmSync(kept, { recursive: true }));
  beforeEach(() => {
    data = mkdtempSync(join(kept, 'copy-'));
    cpSync(join(kept, 'data'), data, { recursive: true });
  });

  it('finds nothing wrong with a sound centre, and says how large it is and where its log ends', async () => {
    const sound = await status();
    expect(jsonOf(sound)).toMatchObject({ well: true, problems: [], log: { recordedAt: expect.stringMatching(/\+08:00$/) } });
    expect(sound.code).toBe(0);
    const { stdout, code } = await run(['status'], { DATA_DIR: data }).ended;
    expect([code, stdout]).toEqual([0, expect.stringContaining('没有发现问题；文档没有逐个核对，要核对请运行 verify')]);
  });

  it.each([
    ['a document in quarantine', () => damage(data, `INSERT INTO quarantine VALUES ('candidate@1', 'x', '1', 'broken')`), '隔离'],
    [
      'a checkpoint that was changed',
      () => damage(data, `UPDATE checkpoints SET position = '0000000000000001' WHERE read_model = 'candidate@1'`),
      'replay candidate',
    ],
    ['documents that are gone', () => damage(data, `DELETE FROM "candidate@1"`), 'candidate@1'],
    ['photos of another installation', () => writeFileSync(join(data, 'photos', 'installation'), 'another'), '照片属于安装 another'],
    [
      'a vault that was emptied',
      () => inVault(`DELETE FROM candidates; DELETE FROM vault WHERE name IN ('owner', 'forgotten')`),
      '密钥库（vault）比日志旧，或是空的',
    ],
    ['a file that is cut off', () => writeFileSync(join(data, 'read-models.sqlite'), 'not a database'), 'read-models.sqlite'],
  ])('ends with 1 and names %s', async (_, harm, named) => {
    harm();
    const ill = await status();
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringContaining(named)]);
    expect(ill.stderr).not.toContain('    at ');
  });

  function inVault(sql: string): void {
    const db = new DatabaseSync(join(data, 'vault.sqlite'));
    db.exec(sql);
    db.close();
  }
});
