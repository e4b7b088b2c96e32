import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scratch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

const LOG = new URL('../../fixtures/first-release/events.sqlite', import.meta.url);

describe('The commands on builds of read models', () => {
  const built = mkdtempSync(join(tmpdir(), 'builds-'));
  let data: string;
  const ask = (...args: readonly string[]): Promise<Ended> => told(args, { DATA_DIR: data });

  beforeAll(async () => {
    copyFileSync(LOG, join(built, 'events.sqlite'));
    for (let time = 0; time < 2; time++) expect(await told(['replay', 'sittings', 'candidate'], { DATA_DIR: built })).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(built, { recursive: true }));
  beforeEach(async () => {
    data = await scratch();
    cpSync(built, data, { recursive: true });
  });

  it('The commands on builds of read models compare two builds that there are, by field and with examples or with all keys', async () => {
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
    [['candidate', 'candidate@9'], '没有 candidate@9；相近的有：candidate@1、'],
  ])('The commands on builds of read models refuse to compare %j in words', async (builds, why) => {
    expect(await ask('diff', ...builds)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(why) });
  });

  it('The commands on builds of read models advise to rebuild a served build of another log, and to drop it once it is only kept', async () => {
    damage(data, `UPDATE checkpoints SET event_id = 'of nobody' WHERE read_model = 'candidate@1'`);
    expect((await ask('projections')).stdout).toMatch(/^candidate@1：使用中，.*需要重建：请运行 replay candidate，再运行 switch candidate，/m);
    expect(await ask('switch', 'candidate')).toMatchObject({ code: 0 });
    expect((await ask('projections')).stdout).toMatch(/^candidate@1：保留，.*不能再使用：请运行 drop candidate@1，/m);
  });

  it('The commands on builds of read models write the keys of what differs from what is served', async () => {
    const damaged = damage(data, `UPDATE "candidate@1" SET document = json_set(document, '$.district', '某区') WHERE document IS NOT NULL`);
    const keys = join(data, 'keys.csv');
    expect(await ask('replay', 'candidate', '--out', keys)).toMatchObject({ code: 0, stdout: expect.stringContaining(keys) });
    expect(readFileSync(keys, 'utf8').trimEnd().split('\n')).toHaveLength(1 + damaged);
  });

  it('The commands on builds of read models switch all read models to the builds that await it, and drop all that are kept once no page can read them', async () => {
    const both = ['candidate@1-2', 'sittings@2-2'];
    const switched = await ask('switch', '--all', '--json');
    expect([switched.code, jsonOf(switched)]).toMatchObject([
      0,
      { switched: expect.arrayContaining(both.map((build) => expect.objectContaining({ build, done: true }))) },
    ]);
    expect(await ask('switch', '--all')).toMatchObject({ code: 0, stdout: '没有等待切换的版本\n' });
    const early = await ask('drop', '--kept', '--yes', '--json');
    expect([early.code, jsonOf(early)]).toMatchObject([1, { dropped: [], left: [{ why: expect.stringContaining('刚刚停用') }, {}] }]);
    damage(
      data,
      `UPDATE registry SET document = json_set(document, '$.builds[0].left', '2026-01-01T00:00:00.000Z', '$.builds[1].left', '2026-01-01T00:00:00.000Z')`,
    );
    const dropped = await ask('drop', '--kept', '--yes', '--json');
    expect([dropped.code, jsonOf(dropped)]).toMatchObject([0, { dropped: expect.arrayContaining(['candidate@1', 'sittings@2']), left: [] }]);
    const { builds } = jsonOf<{ builds: readonly { build: string; served: boolean }[] }>(await ask('projections', '--json'));
    expect(
      builds
        .filter(({ build }) => /^(candidate|sittings)@/.test(build))
        .map(({ build }) => build)
        .toSorted(),
    ).toEqual(both);
    expect(await ask('drop', '--kept', '--yes')).toMatchObject({ code: 0, stdout: '没有保留的版本\n' });
  });

  it('The commands on builds of read models leave a build that was rolled back from where it is when all are switched', async () => {
    expect(await ask('switch', 'sittings')).toMatchObject({ code: 0 });
    expect(await ask('rollback', 'sittings')).toMatchObject({ code: 0 });
    const switched = jsonOf<{ switched: readonly { build: string }[] }>(await ask('switch', '--all', '--json'));
    expect(switched.switched.map(({ build }) => build)).toEqual(['candidate@1-2']);
  });

  it('The commands on builds of read models retry all quarantined documents, or those of one error, and say which stay and why', async () => {
    const keys = candidatesIn(data).slice(0, 3);
    const quarantine = (error: string, ...some: readonly (string | undefined)[]) => {
      for (const key of some) damage(data, `INSERT INTO quarantine SELECT 'candidate@1', key, position, ? FROM "candidate@1" WHERE key = ?`, error, key ?? '');
    };
    quarantine('no', keys[0], keys[1]);
    quarantine('another', keys[2]);
    const same = await ask('retry', 'candidate', keys[0] ?? '', '--same-error', '--json');
    expect([same.code, jsonOf(same)]).toMatchObject([0, { done: 2, left: 0 }]);
    quarantine('no', keys[0]);
    damage(data, `UPDATE "candidate@1" SET document = '{"person":' WHERE key = ?`, keys[2] ?? '');
    const all = await ask('retry', '--all', '--json');
    expect(all.code).toBe(1);
    expect(jsonOf(all)).toMatchObject({
      done: 1,
      left: 1,
      retried: expect.arrayContaining([{ build: 'candidate@1', key: keys[2], done: false, says: expect.stringContaining('不是 JSON') }]),
    });
    expect(await ask('verify', 'candidate', '--repair', keys[2] ?? '')).toMatchObject({ code: 0 });
    expect(await ask('retry', '--all')).toMatchObject({ code: 0, stdout: '没有被隔离的文档\n' });
  });

  it('The commands on builds of read models prune what nobody uses once it was shown, and nothing else', async () => {
    const begun = { fingerprint: '0123456789abcdef', begun: '2026-01-01T00:00:00.000Z' };
    const brokenOff = JSON.stringify({ name: 'sittings@2-3', readModel: 'sittings', version: 2, state: 'building', ...begun });
    damage(data, `UPDATE registry SET document = json_insert(json_set(document, '$.serving.candidate', 'candidate@1-2'), '$.builds[#]', json(?))`, brokenOff);
    damage(data, 'CREATE TABLE "bills@7" (key TEXT PRIMARY KEY, position TEXT NOT NULL, document TEXT)');
    mkdirSync(join(data, 'replay', 'left'));
    mkdirSync(join(data, 'photos', 'ab'), { recursive: true });
    for (const photo of ['one.digest', 'one.digest.old', 'one.digest.new']) writeFileSync(join(data, 'photos', 'ab', photo), 'sealed');
    utimesSync(join(data, 'photos', 'ab', 'one.digest.old'), 0, 0);

    const found = {
      builds: expect.arrayContaining([
        { name: 'candidate@1', why: 'kept', documents: expect.any(Number), bytes: expect.any(Number) },
        { name: 'sittings@2-3', why: 'broken-off', documents: 0, bytes: 0 },
        { name: 'bills@7', why: 'unregistered', documents: 0, bytes: 0 },
      ]),
      folders: [{ path: join(data, 'replay', 'left'), bytes: 0 }],
      drafts: [{ path: join(data, 'photos', 'ab', 'one.digest.old'), bytes: 6 }],
    };
    const shown = await ask('prune', '--dry-run', '--json');
    expect([shown.code, jsonOf<{ builds: readonly unknown[] }>(shown)]).toMatchObject([0, { ...found, pruned: false }]);
    expect(jsonOf<{ builds: readonly unknown[] }>(shown).builds).toHaveLength(3);
    const asked = await ask('prune');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(asked.stdout).toContain('bills@7：登记表中没有它');
    const pruned = await ask('prune', '--yes', '--json');
    expect([pruned.code, jsonOf(pruned)]).toMatchObject([0, { ...found, pruned: true, kept: [] }]);
    expect(await ask('prune')).toMatchObject({ code: 0, stdout: '没有可以清理的\n' });
    expect(readdirSync(join(data, 'photos', 'ab')).toSorted()).toEqual(['one.digest', 'one.digest.new']);
    expect(await ask('verify', 'sittings', 'candidate')).toMatchObject({ code: 0 });
    expect(await ask('verify', 'sittings@2-2')).toMatchObject({ code: 0 });
  });

  it.each([
    [['switch'], 'missing_argument'],
    [['switch', 'candidate', '--all'], 'conflicting_options'],
    [['retry', 'candidate'], 'missing_argument'],
    [['retry', 'candidate', 'x', '--all'], 'conflicting_options'],
    [['retry', '--all', '--same-error'], 'conflicting_options'],
    [['drop', '--yes'], 'missing_argument'],
    [['drop', 'candidate@1', '--kept', '--yes'], 'conflicting_options'],
  ])('The commands on builds of read models are used wrongly as %j', async (command, code) => {
    const ended = await ask(...command, '--json');
    expect([ended.code, jsonOf(ended)]).toMatchObject([2, { error: { code } }]);
  });
});

function candidatesIn(data: string): readonly string[] {
  const db = new DatabaseSync(join(data, 'read-models.sqlite'), { readOnly: true });
  const rows = db.prepare('SELECT key FROM "candidate@1" WHERE document IS NOT NULL ORDER BY key').all();
  db.close();
  return rows.map(({ key }) => String(key));
}
