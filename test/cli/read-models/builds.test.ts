import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scratch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { type Ended, jsonOf, run } from '../run.js';

const LOG = new URL('../../fixtures/first-release/events.sqlite', import.meta.url);

describe('The commands on builds of read models', () => {
  const built = mkdtempSync(join(tmpdir(), 'builds-'));
  let data: string;
  const ask = (...args: readonly string[]): Promise<Ended> => run(args, { DATA_DIR: data }).ended;

  beforeAll(async () => {
    copyFileSync(LOG, join(built, 'events.sqlite'));
    for (let time = 0; time < 2; time++) expect(await run(['replay', 'sittings', 'candidate'], { DATA_DIR: built }).ended).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(built, { recursive: true }));
  beforeEach(async () => {
    data = await scratch();
    cpSync(built, data, { recursive: true });
  });

  it('compare two builds that there are, by field and with examples or with all keys', async () => {
    expect(await ask('diff', 'candidate', 'candidate@1-2')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^candidate@1-2 与 candidate@1：.*没有差异\n$/),
    });
    const damaged = damage(data, `UPDATE "candidate@1-2" SET document = json_set(document, '$.district', '某区') WHERE document IS NOT NULL`);
    const found = await ask('diff', 'candidate@1', 'candidate@1-2', '--json');
    expect([found.code, jsonOf(found)]).toMatchObject([
      1,
      { one: 'candidate@1', other: 'candidate@1-2', changed: { documents: damaged }, fields: [{ field: 'district', documents: damaged }] },
    ]);
    expect(jsonOf(found)).not.toHaveProperty('keys');
    const all = await ask('diff', 'candidate@1', 'candidate@1-2', '--all');
    const [head, ...rows] = all.stdout.trimEnd().split('\n');
    expect([all.code, head, rows.length]).toEqual([1, 'build,kind,key', damaged]);
    for (const row of rows) expect(row).toMatch(/^candidate@1-2,changed,"[0-9a-f-]{36}"$/);
    expect(all.stderr).toContain(`改变的文档 ${damaged} 个`);
    expect(jsonOf<{ keys: readonly unknown[] }>(await ask('diff', 'candidate@1', 'candidate@1-2', '--all', '--json')).keys).toHaveLength(damaged);
  });

  it.each([
    [['candidate', 'candidate@1'], '是同一个版本'],
    [['candidate', 'sittings'], '不是同一个读模型的版本'],
    [['candidate', 'candidate@9'], '没有 candidate@9；现有：'],
  ])('refuse to compare %j in words', async (builds, why) => {
    expect(await ask('diff', ...builds)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(why) });
  });

  it('write the keys of what differs from what is served', async () => {
    const damaged = damage(data, `UPDATE "candidate@1" SET document = json_set(document, '$.district', '某区') WHERE document IS NOT NULL`);
    const keys = join(data, 'keys.csv');
    expect(await ask('replay', 'candidate', '--out', keys)).toMatchObject({ code: 0, stdout: expect.stringContaining(keys) });
    expect(readFileSync(keys, 'utf8').trimEnd().split('\n')).toHaveLength(1 + damaged);
  });
});
