import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scratch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

const LOG = new URL('../../fixtures/first-release/events.sqlite', import.meta.url);

describe('`refold` and `explain`, of a stopped centre', () => {
  const built = mkdtempSync(join(tmpdir(), 'built-'));
  let data: string;
  let keys: readonly string[];
  const ask = (...args: readonly string[]): Promise<Ended> => told(args, { DATA_DIR: data });

  beforeAll(async () => {
    copyFileSync(LOG, join(built, 'events.sqlite'));
    expect(await told(['catch-up'], { DATA_DIR: built })).toMatchObject({ code: 0 });
    const db = new DatabaseSync(join(built, 'read-models.sqlite'), { readOnly: true });
    keys = (db.prepare('SELECT key FROM "sittings@2" WHERE document IS NOT NULL ORDER BY key LIMIT 3').all() as { key: string }[]).map(({ key }) => key);
    db.close();
  });
  afterAll(() => rmSync(built, { recursive: true }));
  beforeEach(async () => {
    data = await scratch();
    cpSync(built, data, { recursive: true });
  });

  const spoil = (key: string) => damage(data, `UPDATE "sittings@2" SET document = json_set(document, '$.damaged', json('true')) WHERE key = ?`, key);

  it('`refold` and `explain`, of a stopped centre, say that a document is not what its events come to, and refold cures it', async () => {
    const [key = '', other = ''] = keys;
    expect(await ask('explain', 'sittings', key)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('请运行') });
    spoil(key);
    const explained = await ask('explain', 'sittings', key);
    expect(explained.code).toBe(1);
    expect(explained.stdout).toContain('保存的文档不是它的事件所说的：\n');
    expect(explained.stdout).toContain(`damaged：应为 （无），存为 true\n  请运行 refold sittings@2 ${key}\n`);
    expect(jsonOf(await ask('explain', 'sittings', key, '--json'))).toMatchObject({
      stored: { differing: { kind: 'changed', fields: [{ path: 'damaged', stored: true }] }, cure: [`refold sittings@2 ${key}`] },
    });
    const refolded = await ask('refold', 'sittings', key, other, '--json');
    expect(refolded).toMatchObject({ code: 0 });
    expect(jsonOf(refolded)).toMatchObject({
      build: 'sittings@2',
      documents: 2,
      differing: { documents: 1 },
      refolded: 1,
      keys: [key],
      unknown: [],
      behind: 0,
    });
    expect(await ask('explain', 'sittings', key)).toMatchObject({ code: 0 });
    expect(await ask('verify', 'sittings')).toMatchObject({ code: 0 });
    expect((await ask('refold', 'sittings', key)).stdout).toBe('sittings@2：核对了 1 个文档，全部与事件相符\n  重新生成了 0 个文档\n');
  });

  it('`refold` and `explain`, of a stopped centre, say of a document that has not seen its last event how far it is, and what brings it on', async () => {
    const [key = ''] = keys;
    damage(data, `DELETE FROM checkpoints WHERE read_model = 'sittings@2'`);
    const explained = await ask('explain', 'sittings', key);
    expect(explained).toMatchObject({ code: 1, stdout: expect.stringMatching(/还没有处理它的最后一个事件：sittings@2 落后事件 \d+ 条/) });
    expect(explained.stdout).toContain('catch-up');
  });

  it('`refold` makes anew what a file names, as verify writes it or a key in each line', async () => {
    for (const key of keys) spoil(key);
    const file = join(data, 'keys.csv');
    expect(await ask('verify', 'sittings', '--out', file)).toMatchObject({ code: 1 });
    expect(jsonOf(await ask('refold', 'sittings', '--from', file, '--json'))).toMatchObject({ refolded: 3 });
    for (const key of keys) spoil(key);
    writeFileSync(file, `${keys.join('\n')}\n`);
    expect(jsonOf(await ask('refold', 'sittings', '--from', file, '--json'))).toMatchObject({ refolded: 3 });
    writeFileSync(file, 'one,two\nthree,four\n');
    expect(await ask('refold', 'sittings', '--from', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('应每行一个键') });
  });

  it('`refold` makes the documents anew that an event of a type has touched since a time', async () => {
    for (const key of keys) spoil(key);
    const all = jsonOf<{ refolded: number }>(await ask('refold', 'sittings', '--type', 'CourseEnrolled', '--since', '2000-01-01', '--json'));
    expect(all.refolded).toBeGreaterThan(0);
    expect(await ask('refold', 'sittings', '--type', 'CourseEnrolled', '--since', '2999-01-01')).toMatchObject({ code: 1 });
    expect(await ask('refold', 'sittings', '--type', 'Nothing', '--since', '2000-01-01')).toMatchObject({ code: 2 });
    expect(await ask('refold', 'sittings', '--type', 'NoticePublished', '--since', '2000-01-01')).toMatchObject({ code: 1 });
    expect(await ask('refold', 'sittings', '--type', 'CourseEnrolled')).toMatchObject({ code: 2 });
  });

  it('`refold` makes the documents anew of the candidates of a district, of whom some have none', async () => {
    const db = new DatabaseSync(join(data, 'read-models.sqlite'), { readOnly: true });
    const found = db.prepare('SELECT value, count(*) AS candidates FROM "candidate-districts@1 found by district" GROUP BY value ORDER BY 2 DESC').all();
    const mine = db.prepare('SELECT key FROM "candidate-districts@1 found by district" WHERE value = ?').all(found[0]?.value ?? '');
    db.close();
    const district = String(found[0]?.value);
    const ofDistrict = keys.filter((key) => mine.some((row) => row.key === key));
    for (const key of keys) spoil(key);
    const refolded = await ask('refold', 'sittings', '--district', district, '--json');
    expect([refolded.code, jsonOf(refolded)]).toMatchObject([0, { unknown: [], keys: ofDistrict.toSorted() }]);
    expect(ofDistrict.length).toBeGreaterThan(0);
    expect(jsonOf(await ask('refold', 'sittings', '--district', '没有这个区', '--json'))).toMatchObject({ error: { code: 'unknown_district' } });
    expect(jsonOf(await ask('refold', 'periods', '--district', district, '--json'))).toMatchObject({ error: { code: 'not_by_candidate' } });
  });

  it('`refold` and `explain`, of a stopped centre, end with 1 for a key of nothing, the others refolded, and with 2 for two ways at once', async () => {
    const [key = ''] = keys;
    spoil(key);
    const refolded = await ask('refold', 'sittings', 'nobody', key);
    expect(refolded).toMatchObject({ code: 1, stdout: expect.stringContaining('sittings@2 中没有文档 nobody，也没有它的事件') });
    expect(await ask('verify', 'sittings')).toMatchObject({ code: 0 });
    expect(await ask('refold', 'sittings', key, '--from', 'keys.csv')).toMatchObject({ code: 2 });
    expect(await ask('refold', 'sittings')).toMatchObject({ code: 2 });
    expect(await ask('refold', 'sittings', '110000000001')).toMatchObject({ code: 1, stderr: expect.stringContaining('没有 vault.sqlite') });
  });
});
