import { readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admissionNo, nameOf } from '../../imports/batch.js';
import { smallBatch } from '../../imports/scratch.js';
import { signedInOfficer } from '../officers.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

describe('The command page', () => {
  let data: string;
  const environment = () => ({ DATA_DIR: data, XDG_STATE_HOME: `${data}-state` });
  let before: string;
  const command = (...args: readonly string[]): Promise<Ended> => told(args, environment());
  const ask = (...args: readonly string[]): Promise<Ended> => command('page', admissionNo(0), ...args);

  beforeAll(async () => {
    const batch = await smallBatch(2);
    data = `${dirname(batch.folder)}-pages`; // beyond the first test
    expect(await command('import', batch.folder)).toMatchObject({ code: 0 });
    await signedInOfficer(environment(), 'li', 'city');
    const { events } = jsonOf<{ events: readonly { data: { period: string; course: string } }[] }>(
      await command('events', '--type', 'ScoreRecorded', '--json'),
    );
    const { period, course } = events[0]?.data ?? { period: '', course: '' };
    const registered = jsonOf<{ timeline: readonly { recordedAt: string }[] }>(await command('timeline', admissionNo(0), '--json')).timeline;
    before = registered.at(-1)?.recordedAt ?? '';
    const correction = join(data, 'correction');
    await mkdir(correction);
    await writeFile(join(correction, 'scores.csv'), `admission_no,period,course,score,grade,remark\n${admissionNo(0)},${period},${course},99,,\n`);
    expect(await command('import', correction)).toMatchObject({ code: 0 });
    expect(await command('catch-up')).toMatchObject({ code: 0 });
  });
  afterAll(() => Promise.all([data, `${data}-state`].map((each) => rm(each, { recursive: true, force: true }))));

  it('The command `page` shows a page as the candidate sees it now, and with the documents of a past moment, and says which', async () => {
    const now = await ask('results');
    expect(now).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^当期成绩\n/),
      stderr: expect.stringMatching(/^现在保存的资料（.+；用现在的页面显示；.+。\n$/),
    });
    expect(now.stdout).toMatch(/\b99\b/);
    const past = await ask('results', '--at', before);
    expect(past).toMatchObject({ code: 0, stderr: expect.stringMatching(/时的资料，从事件重新计算；用现在的页面显示/) });
    expect(past.stdout).not.toMatch(/\b99\b/);
    expect(await ask('results', '--at', '2000-01-01')).toMatchObject({ code: 1, stderr: expect.stringContaining('那时这位考生看不到这一页：会转到 /login') });
  });

  it('The command `page` opens personal values once it is recorded who looks and why', async () => {
    const sealed = await ask('home');
    expect(sealed.stdout).not.toContain(nameOf(0));
    expect(sealed.stderr).toContain('个人信息没有打开');
    const opened = await ask('home', '--reveal', '--by', 'li', '--reason', '来电');
    expect(opened).toMatchObject({ code: 0, stdout: expect.stringContaining(nameOf(0)) });
    expect((await command('events', '--type', 'PersonViewed')).stdout).toContain('"what":"page home"');
    expect(jsonOf(await ask('bills/00000000000000', '--json'))).toMatchObject({ error: { code: 'updating' } }); // nobody has projected that
    // a past moment does not wait for what is recorded now
    expect(await ask('results', '--at', '2000-01-01')).toMatchObject({ code: 1, stderr: expect.stringContaining('会转到 /login') });
    expect(await command('catch-up')).toMatchObject({ code: 0 });
  });

  it('The command `page` names the document that is not JSON, and what mends it', async () => {
    const { found } = jsonOf<{ found: readonly { candidateId: string }[] }>(await command('find', admissionNo(1), '--json'));
    const key = found[0]?.candidateId ?? '';
    const db = new DatabaseSync(join(data, 'read-models.sqlite'));
    db.prepare(`UPDATE "sittings@2" SET document = '{' WHERE key = ?`).run(key);
    db.close();
    const failed = await command('page', admissionNo(1), 'results', '--json');
    expect(failed.code).toBe(1);
    expect(jsonOf(failed)).toMatchObject({ error: { code: 'damaged_file', message: expect.stringContaining(`verify sittings@2 --repair ${key}`) } });
    expect(failed.stderr).not.toContain('a request failed');
    expect(await command('verify', 'sittings@2', '--repair', key)).toMatchObject({ code: 0 });
  });

  it('The command `page` writes a page as a file for its owner alone, in which nothing works', async () => {
    const file = join(data, 'page.html');
    expect(await ask('bills', '--out', file, '--json')).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const html = readFileSync(file, 'utf8');
    expect(html).toContain('role="note"');
    expect(html).toContain("form-action 'none'");
    expect(html).not.toContain('<script');
    expect(jsonOf<{ html: string }>(await ask('bills', '--json')).html).toContain('<!doctype html>');
  });

  it('The command `page` records nothing of its own', async () => {
    const last = async () => jsonOf<{ events: readonly { position: string }[] }>(await command('events', '--limit', '1', '--json')).events[0]?.position;
    const end = await last();
    expect(await ask('account', '--at', before)).toMatchObject({ code: 0 });
    expect(await last()).toBe(end);
  });

  it.each([
    [['nothing'], 2, 'unknown_page'],
    [['bills/../../health'], 2, 'unknown_page'],
    [['home', '--at', '2999-01-01'], 2, 'bad_value'],
    [['bills/00000000000000'], 1, 'not_shown'],
  ])('The command `page` ends with an error for %j', async (args, exit, code) => {
    const ended = await ask(...args, '--json');
    expect([ended.code, jsonOf(ended)]).toEqual([exit, { error: expect.objectContaining({ code }) }]);
  });
});
