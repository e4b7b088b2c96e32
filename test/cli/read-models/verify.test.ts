import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { cutLog, pastTriggers } from '../../event-store/sqlite/past-triggers.js';
import { scratch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { until } from '../../until.js';
import { type Ended, jsonOf, run } from '../run.js';
import { told } from '../told.js';

const LOG = new URL('../../fixtures/first-release/events.sqlite', import.meta.url);

function firstCandidate(data: string): string {
  const db = new DatabaseSync(join(data, 'read-models.sqlite'), { readOnly: true });
  const { key } = db.prepare('SELECT min(key) AS key FROM "candidate@1" WHERE document IS NOT NULL').get() as { key: string };
  db.close();
  return key;
}

function documentsOf(data: string): readonly object[] {
  const db = new DatabaseSync(join(data, 'read-models.sqlite'), { readOnly: true });
  const documents = db.prepare('SELECT key, document FROM "sittings@2"').all();
  db.close();
  return documents;
}

describe('The commands that look whether read models are right', () => {
  const built = mkdtempSync(join(tmpdir(), 'built-'));
  let data: string;
  const ask = (...args: readonly string[]): Promise<Ended> => told(args, { DATA_DIR: data });

  beforeAll(async () => {
    copyFileSync(LOG, join(built, 'events.sqlite'));
    const replayed = await told(['replay', 'sittings', 'candidate'], { DATA_DIR: built });
    expect(replayed).toMatchObject({ code: 0 }); // the first builds are what is served
  });
  afterAll(() => rmSync(built, { recursive: true }));
  beforeEach(async () => {
    data = await scratch();
    cpSync(built, data, { recursive: true });
  });

  it('The commands that look whether read models are right end with 0 and one line of JSON when all is right, and with 1 when it is not', async () => {
    const right = await ask('verify', 'sittings', 'candidate', '--json');
    expect(right.code).toBe(0);
    expect((await ask('verify', 'sittings')).stdout).toContain('sittings@2：核对了');
    expect(jsonOf(right)).toMatchObject({
      verified: expect.arrayContaining([expect.objectContaining({ build: 'sittings@2', problems: [], differing: expect.objectContaining({ documents: 0 }) })]),
    });

    const damaged = damage(
      data,
      `UPDATE "sittings@2" SET document = '{"damaged":true}' WHERE key = (SELECT min(key) FROM "sittings@2" WHERE document IS NOT NULL)`,
    );
    expect(damaged).toBe(1);
    const wrong = await ask('verify', 'sittings', '--json');
    expect(wrong.code).toBe(1);
    const { stdout } = await ask('verify', 'sittings');
    expect(stdout).toContain('1 个不符');
    expect(stdout).toContain('：内容与事件不符');
    expect(jsonOf(wrong)).toMatchObject({
      verified: [{ build: 'sittings@2', differing: { documents: 1, kinds: { changed: 1 }, examples: [{ kind: 'changed' }] } }],
    });
    expect(await ask('verify', 'candidate')).toMatchObject({ code: 0 });
    const keys = join(data, 'keys.csv');
    const repaired = await ask('verify', 'sittings', '--repair-all', '--out', keys);
    expect(repaired).toMatchObject({ code: 0, stdout: expect.stringContaining('重新生成了 1 个文档') });
    expect(readFileSync(keys, 'utf8')).toMatch(/^build,kind,key\nsittings@2,changed,"[0-9a-f-]{36}"\n$/);
    expect(await ask('verify', 'sittings')).toMatchObject({ code: 0 });
  });

  it('The commands that look whether read models are right say with --quick what is wrong with tables and progress, and which command cures it', async () => {
    expect(await ask('verify', 'sittings', '--quick')).toMatchObject({ code: 0, stdout: expect.stringContaining('索引列和查找表没有核对') });
    damage(data, `DELETE FROM "sittings@2" WHERE key = (SELECT min(key) FROM "sittings@2")`);
    const lost = await ask('verify', 'sittings', '--quick', '--json');
    expect(lost.code).toBe(1);
    expect((await ask('verify', 'sittings', '--quick')).stdout).toContain('请运行 verify sittings@2 --repair-all');
    expect(jsonOf(lost)).toMatchObject({ well: false, verified: [{ build: 'sittings@2', problems: [{ kind: 'count' }] }] });
    damage(data, 'DROP TABLE "sittings@2"');
    const missing = await ask('verify', 'sittings', '--quick');
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining('sittings@2 的文档表不存在') });
    expect(missing.stdout).not.toContain('有文档');
    expect((await ask('projections')).stdout).toContain('sittings@2：使用中，文档表不存在');
    expect(await ask('verify', 'sittings', '--quick', '--sample', '3')).toMatchObject({ code: 2, stderr: expect.stringContaining('不能与') });
  });

  it('The commands that look whether read models are right name read models that are behind while nobody projects, and catch-up brings them to the end', async () => {
    const behind = await ask('verify', '--quick', '--json');
    expect(behind.code).toBe(1);
    expect(jsonOf(behind)).toMatchObject({ problems: expect.arrayContaining([{ kind: 'unmade', says: 'bills 还没有建立', cure: ['catch-up'] }]) });
    damage(data, `DELETE FROM checkpoints WHERE read_model = 'sittings@2'`);
    const lagging = await ask('verify', 'sittings', '--quick');
    expect(lagging.stdout).toMatch(/sittings@2 落后事件 \d+ 条：现在没有进程在处理事件（个人中心没有运行）\n +请运行 catch-up\n/);
    expect(await ask('catch-up')).toMatchObject({ code: 0, stdout: '读模型已经跟上事件\n' });
    expect(await ask('catch-up', '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await ask('verify')).toMatchObject({ code: 0, stderr: '核对所有正在使用的读模型\n' });
  });

  it('The commands that look whether read models are right write the difference as a page for its owner alone, and answer it as JSON', async () => {
    damage(data, `UPDATE "candidate@1" SET document = json_set(document, '$.district', '<b>') WHERE document IS NOT NULL`);
    const report = join(data, 'difference.html');
    const replayed = await ask('replay', 'candidate', '--report', report, '--json');
    expect(replayed.code).toBe(0);
    expect(jsonOf(replayed)).toMatchObject({
      rebuilt: [{ build: 'candidate@1-2', outcome: 'current' }],
      differences: [{ one: 'candidate@1', other: 'candidate@1-2', fields: [{ field: 'district' }], added: { documents: 0 } }],
    });
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(readFileSync(report, 'utf8')).toContain('&lt;b&gt;');
    const nowhere = await ask('replay', 'candidate', '--report', join(data, 'nowhere', 'difference.html'));
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('nowhere');
    expect(nowhere.stderr).not.toContain('    at ');
    expect(nowhere.stdout).toBe(''); // said before the work, not after it
  });

  it.each([
    ['{}', '缺少内容'],
    ['{"revision":', '不是 JSON'],
  ])('The commands that look whether read models are right name a registry that is %s, and what to do, in one line', async (registry, why) => {
    damage(data, 'UPDATE registry SET document = ?', registry);
    for (const args of [['projections'], ['verify'], ['catch-up'], ['replay', 'candidate'], ['switch', 'candidate'], ['drop', 'bills@1', '--yes'], ['tasks']]) {
      const { code, stdout, stderr } = await ask(...args);
      const named = `${join(data, 'read-models.sqlite')} 已损坏（读模型的登记表 registry ${why}）：请停止所有进程`;
      expect([args, code, `${stderr}${stdout}`.trimEnd().split('\n').at(-1)]).toEqual([args, 1, expect.stringContaining(named)]);
      expect(stderr).not.toContain('    at ');
    }
  });

  it('The commands that look whether read models are right name read models whose file is gone or cut off, and what is named leads to a clean verify', async () => {
    for (const damaged of [(file: string) => rmSync(file), (file: string) => truncateSync(file, 3 * 4_096)]) {
      for (const suffix of ['-wal', '-shm']) rmSync(join(data, `read-models.sqlite${suffix}`), { force: true });
      damaged(join(data, 'read-models.sqlite'));
      const named = await ask('verify', '--quick');
      expect(named.code).toBe(1);
      expect(named.stdout + named.stderr).toMatch(
        /还没有建立\n +请运行 catch-up\n|read-models\.sqlite 已损坏（.+）：请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再启动/,
      );
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(data, `read-models.sqlite${suffix}`), { force: true });
      expect(await ask('catch-up')).toMatchObject({ code: 0 });
      expect(await ask('verify')).toMatchObject({ code: 0 });
    }
  });

  it('The commands that look whether read models are right name a log that is an older copy, and what is named leads to a clean verify', async () => {
    cutLog(join(data, 'events.sqlite'), 1000);
    const older = await ask('verify', 'sittings', 'candidate', '--json');
    expect(older.code).toBe(1);
    const { verified } = jsonOf<{ verified: readonly { problems: readonly { kind: string; cure: readonly string[] }[] }[] }>(older);
    expect(verified.map(({ problems }) => problems.map(({ kind }) => kind))).toEqual([['log'], ['log']]);
    for (const command of verified.flatMap(({ problems }) => problems.flatMap(({ cure }) => cure))) {
      expect([command, await ask(...command.split(' '))]).toMatchObject([command, { code: 0 }]);
    }
    expect(await ask('verify', 'sittings', 'candidate')).toMatchObject({ code: 0 });
  });

  it('The commands that look whether read models are right say of a log that lacks an event only that it is to be restored, and make nothing from it', async () => {
    pastTriggers(join(data, 'events.sqlite'), 'DELETE FROM events WHERE position = 1000');
    const before = documentsOf(data);
    for (const args of [
      ['verify'],
      ['verify', '--quick'],
      ['verify', '--repair-all'],
      ['verify', 'sittings', '--repair', firstCandidate(data)],
      ['status'],
      ['refold', 'sittings', firstCandidate(data)],
      ['replay', '--all'],
      ['catch-up'],
    ]) {
      const { code, stdout, stderr } = await ask(...args);
      expect([args, code, stdout + stderr]).toEqual([
        args,
        1,
        expect.stringMatching(/events\.sqlite 已损坏（.+缺少 1 条，例如位置 0000000000001000.*）：请停止所有进程，恢复最近的备份/),
      ]);
      expect([args, stdout + stderr]).toEqual([args, expect.not.stringMatching(/请运行|程序出错/)]);
    }
    expect(documentsOf(data)).toEqual(before);
  });

  it('The commands that look whether read models are right name a document that is no JSON with the command that makes it anew, and that does', async () => {
    const id = firstCandidate(data);
    damage(data, 'UPDATE "candidate@1" SET document = ? WHERE key = ?', '{"person":', id);
    const cure = ['verify', 'candidate@1', '--repair', id];
    const verified = await ask('verify', 'candidate');
    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining(`${id}：不是 JSON，无法读取`) });
    expect(verified.stdout).toContain(`请运行 ${cure.join(' ')}\n`);
    const compared = await ask('replay', 'candidate', '--diff');
    expect(compared.code).toBe(1);
    expect(compared.stderr).toMatch(new RegExp(`candidate@1 的文档 ${id} 不是 JSON）：请运行 ${cure.join(' ')}\n$`));
    expect(await ask(...cure)).toMatchObject({ code: 0, stdout: expect.stringContaining('重新生成了 1 个文档') });
    expect(await ask('verify', 'candidate')).toMatchObject({ code: 0 });
    expect(await ask('replay', 'candidate', '--diff')).toMatchObject({ code: 0 });
  });

  it('The commands that look whether read models are right say where no number of documents is kept, as by a release before, until catch-up has counted', async () => {
    expect(await ask('catch-up')).toMatchObject({ code: 0 });
    damage(data, 'DELETE FROM document_counts');
    expect(await ask('verify', '--quick')).toMatchObject({ code: 1, stdout: expect.stringContaining('没有记下文档的个数') });
    expect(await ask('catch-up')).toMatchObject({ code: 0 });
    expect(await ask('verify', '--quick')).toMatchObject({ code: 0 });
  });

  it('The commands that look whether read models are right are told by the first catch-up after a table was lost that all is there again', async () => {
    expect(await ask('catch-up')).toMatchObject({ code: 0 });
    damage(data, 'DROP TABLE "bills@2"');
    expect(await ask('catch-up')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('落后') });
    expect(await ask('verify')).toMatchObject({ code: 0 });
  });

  it('The commands that look whether read models are right refuse what there is none of, in words', async () => {
    for (const [args, exit, code] of [
      [['verify', 'nothing'], 2, 'unknown_read_model'],
      [['verify', 'bills@9'], 1, 'refused'],
      [['replay'], 2, 'missing_argument'],
      [['replay', 'nothing'], 2, 'unknown_read_model'],
      [['explain', 'nothing', 'x'], 2, 'unknown_read_model'],
      [['explain', 'sittings', 'x', '--at', 'some day'], 2, 'bad_value'],
      [['events', 'nothing'], 1, 'unknown_stream'],
    ] as const) {
      const refused = await ask(...args, '--json');
      expect([args, refused.code]).toEqual([args, exit]);
      expect(refused.stderr).not.toContain('    at ');
      expect(jsonOf(refused)).toEqual({ error: { code, message: refused.stderr.trimEnd() } });
    }
  });

  it('The commands that look whether read models are right explain nothing by other code than made what is stored', async () => {
    const id = firstCandidate(data);
    damage(data, `UPDATE registry SET document = replace(document, json_extract(document, '$.builds[0].fingerprint'), '0123456789abcdef')`);
    const explained = await ask('explain', 'sittings', id);
    expect(explained).toMatchObject({ code: 1, stdout: '' });
    expect(explained.stderr).toContain('sittings@2 是由另外的代码生成的');
    expect((await ask('catch-up')).stderr).toMatch(/sittings@2 是.+：请运行 replay sittings，再运行 switch sittings。改动程序的人要提高 version/);
  });

  it('The commands that look whether read models are right explain a document and list a stream, with nothing of a person', async () => {
    const id = firstCandidate(data);
    const corrected = { type: 'CandidateCorrected', changes: [{ path: 'district', before: '海淀区', after: '西城区' }] };
    const explained = await ask('explain', 'candidate', id, 'district', '--json');
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(explained)).toMatchObject({
      readModel: 'candidate',
      key: id,
      events: [{ type: 'CandidateRegistered', stream: `candidate-${id}` }, corrected],
    });
    expect(await ask('explain', 'candidate', id, '--at', '2000-01-01')).toMatchObject({
      code: 0,
      stdout: '没有事件\n文档（北京时间 2000-01-01T00:00:00+08:00）：null\n',
    });
    const listed = await ask('events', `candidate-${id}`, '--json');
    expect(jsonOf(listed)).toMatchObject({ stream: `candidate-${id}`, events: expect.arrayContaining([expect.objectContaining({ revision: 0 })]) });
    expect(listed.stdout).toContain('"person":"〔密封〕"');
    const shown = /^0 {2}(\S+) {2}CandidateRegistered/m.exec((await ask('events', `candidate-${id}`)).stdout)?.[1] ?? '';
    const then = jsonOf<{ events: readonly { revision: number }[] }>(await ask('explain', 'candidate', id, '--at', shown, '--json'));
    expect(then.events.map(({ revision }) => revision)).toContain(0); // what is printed means the same where it is pasted
  });

  it('The commands that look whether read models are right have asked for nothing when they are interrupted before they were answered', async () => {
    expect(await ask('replay', 'candidate')).toMatchObject({ code: 0 });
    damage(data, "INSERT OR REPLACE INTO leases (name, holder, beat, fence) VALUES ('projector', 'one that died', 1, 7)");
    const { child, ended } = run(['switch', 'candidate', '--json'], { DATA_DIR: data });
    const builds = new SqliteBuildStore(join(data, 'read-models.sqlite'));
    try {
      const waiting = async () => (await builds.registry()).requests.filter(({ outcome }) => !outcome);
      await until('the request', async () => (await waiting()).length === 1);
      child.kill('SIGINT');
      const interrupted = await ended;
      expect(interrupted).toMatchObject({ code: 130, signal: null });
      expect(jsonOf(interrupted)).toMatchObject({ error: { code: 'interrupted', message: '已中断' } });
      expect(await waiting()).toEqual([]);
      expect((await builds.registry()).serving.candidate).toBe('candidate@1');
    } finally {
      await builds.close();
    }
  });

  it('The commands that look whether read models are right say of a read model that it has seen what is not in the log, and not that nothing is behind', async () => {
    cutLog(join(data, 'events.sqlite'), 10);
    expect((await ask('projections')).stdout).toContain('日志是另一份，或是较旧的副本');
    expect(jsonOf(await ask('projections', '--json'))).toMatchObject({ builds: [{ behind: null }, { behind: null }] });
  });

  it('The commands that look whether read models are right end quietly when nobody reads on, their work done', async () => {
    const { child, ended } = run(['replay', 'sittings', '--diff'], { DATA_DIR: data });
    child.stdout?.destroy();
    // what takes long on a busy machine tells on stderr how far it is
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: expect.not.stringContaining('EPIPE') });
    expect((await ask('projections')).stdout).toContain('sittings@2-2：新的，等待切换（switch sittings@2-2）');
    const started = run(['verify', 'sittings'], { DATA_DIR: data });
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    expect(await started.ended).toMatchObject({ code: 0, signal: null });
    expect(existsSync(join(data, 'replay', 'verify'))).toBe(false);
  });
});
