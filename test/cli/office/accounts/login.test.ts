import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admissionNo, nameOf, writeBatch } from '../../../imports/batch.js';
import { centreOn } from '../../../imports/centre.js';
import { addOfficers, OfficerApp } from '../../officers.js';
import { type Ended, jsonOf } from '../../run.js';
import { told } from '../../told.js';

let folder: string;
let environment: { readonly DATA_DIR: string; readonly XDG_STATE_HOME: string };
let city: OfficerApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'login-'));
  environment = { DATA_DIR: join(folder, 'data'), XDG_STATE_HOME: join(folder, 'state') };
  await writeBatch(join(folder, 'batch'), { candidates: 2 });
  expect((await ask('import', join(folder, 'batch'))).code).toBe(0);
  expect((await ask('catch-up')).code).toBe(0);
  await addOfficers(environment, { 'shi-1': 'city', 'caiwu-1': 'finance', 'shi-2': 'city' });
  city = await OfficerApp.of(environment, 'shi-1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ask = (...args: readonly string[]): Promise<Ended> => told(args, environment);
const reveal = (...args: readonly string[]) => ask('show', 'candidate', admissionNo(0), '--reveal', '--reason', '核对', ...args);
const failure = (ended: Ended) => [ended.code, jsonOf<{ error: { code: string } }>(ended).error.code];
const types = async (account: string) => {
  const centre = await centreOn(environment.DATA_DIR);
  const [history = []] = await centre.events.streams([`officer-${account}`]);
  await centre.close();
  return history.map(({ type, metadata }) => [type, metadata.by]);
};

describe('`personal-centre office login`', () => {
  it('`personal-centre office login` lets nobody in with a wrong password or code, in the same words, and records both', async () => {
    const attempts = [{ password: '另一个不常见的密码' }, { code: '000000' }] as const;
    for (const wrong of attempts) expect(failure(await city.signIn(wrong))).toEqual([1, 'not_proved']);
    expect(failure(await city.signIn({ code: '' }))).toEqual([2, 'missing_secrets']);
    expect((await types('shi-1')).filter(([type]) => type === 'OfficerSignInsFailed').length).toBe(2);
    expect(failure(await reveal('--json'))).toEqual([1, 'not_signed_in']);
    expect(failure(await reveal('--by', 'shi-1', '--json'))).toEqual([1, 'not_signed_in']);
  });

  it('`personal-centre office login` opens personal values for whoever has signed in, whose name may be left out, until they sign out', async () => {
    const entered = await city.signIn();
    expect(jsonOf(entered)).toMatchObject({ account: 'shi-1', until: expect.stringMatching(/\+08:00$/) });
    const [file = ''] = readdirSync(join(folder, 'state', 'personal-centre'));
    expect(statSync(join(folder, 'state', 'personal-centre', file)).mode & 0o777).toBe(0o600);
    expect((await reveal()).stdout).toContain(nameOf(0));
    expect((await reveal('--by', 'shi-1')).stdout).toContain(nameOf(0));
    expect(failure(await reveal('--by', 'shi-2', '--json'))).toEqual([2, 'another_officer']);
    const viewed = jsonOf<{ events: readonly object[] }>(await ask('events', '--type', 'PersonViewed', '--json')).events;
    expect(viewed).toMatchObject([{ metadata: { by: 'office:shi-1' } }, { metadata: { by: 'office:shi-1' } }]);
    const correction = ['correct', 'account', admissionNo(1), 'state=frozen', '--reason', '核查', '--yes'];
    expect((await ask(...correction)).code).toBe(0);
    expect((await ask('import', join(folder, 'batch'), '--revert')).code).toBe(0);
    expect(jsonOf(await ask('batches', '--json'))).toMatchObject({ batches: [{ by: 'shi-1' }, { by: 'host' }] });
    expect((await ask('office', 'logout')).stdout).toContain('已退出：shi-1');
    expect(failure(await reveal('--json'))).toEqual([1, 'not_signed_in']);
    expect((await ask('office', 'logout')).stdout).toContain('没有登录');
    expect((await types('shi-1')).filter(([type]) => type === 'OfficerSignedOut')).toEqual([['OfficerSignedOut', 'office:shi-1']]);
  });

  it('`personal-centre office login` takes a recovery code once, and ends at once when the account is suspended', async () => {
    const [code = ''] = city.recoveryCodes;
    expect((await city.signIn({ code })).code).toBe(0);
    expect((await reveal()).code).toBe(0);
    expect((await ask('office', 'suspend', 'shi-1', '--reason', '已调离')).code).toBe(0);
    expect(failure(await reveal('--json'))).toEqual([1, 'not_signed_in']);
    expect((await ask('office', 'suspend', 'shi-1', '--lift', '--reason', '已回来')).code).toBe(0);
    expect(failure(await reveal('--json'))).toEqual([1, 'not_signed_in']);
    expect(failure(await city.signIn({ code }))).toEqual([1, 'not_proved']);
  });

  it('`personal-centre office login` opens nothing for a role that may not see persons', async () => {
    const finance = await OfficerApp.of(environment, 'caiwu-1');
    expect((await finance.signIn()).code).toBe(0);
    expect(failure(await reveal('--json'))).toEqual([1, 'officer.no_right']);
    expect((await ask('office', 'logout')).code).toBe(0);
  });
});
