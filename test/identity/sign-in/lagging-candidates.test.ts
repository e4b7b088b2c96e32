import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { Passwords } from '../../../src/identity/passwords/passwords.js';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { Accounts } from '../../../src/identity/sign-in/accounts.js';
import { ReadModelLag } from '../../../src/read-models/projecting/read-model-lag.js';
import { StillUpdating } from '../../../src/web/errors/still-updating.js';
import { type Answer, TestCentre } from '../../centre.js';

const READ = '119912345601';
const NOT_YET = '119912345602';
const NOT_YET_CITIZEN = '11990019900101001X';
const NOBODYS = '119912345699';
const UPDATING = '资料正在更新，请稍后再试';

let centre: TestCentre;
beforeEach(async () => {
  centre = await TestCentre.open(undefined, { TRUST_PROXY: '1' });
  await centre.candidate(READ);
  await centre.stopProjecting();
  await centre.candidate(NOT_YET, { id_no: NOT_YET_CITIZEN, name: '张三' });
});
afterEach(() => centre.close());

const logIn = (account: string, password = 'correct horse', address = '203.0.113.1') =>
  centre.ask('/login', { form: { account, password }, headers: { 'x-forwarded-for': address } });

/** All that a browser can tell of an answer, but for the number that it typed. */
const told = ({ status, headers, body }: Answer, account: string) => ({
  status,
  body: body.replaceAll(account, ''),
  headers: { ...headers, date: '', 'content-length': '', 'x-request-id': '' },
});

// whether a look of before has found the lag, or the request finds it itself
describe.each<[string, (lag: ReadModelLag) => Promise<void>]>([
  ['is known', (lag) => lag.start()],
  ['is not known yet', async () => undefined],
])('While the candidates’ read model lags, which %s,', (_, begin) => {
  beforeEach(() => begin(centre.get(ReadModelLag)));

  it('While the candidates’ read model lags, the right password of a number that it does not hold is not called wrong: when to come back is said', async () => {
    for (const number of [NOT_YET, NOT_YET_CITIZEN]) {
      const answer = await logIn(number);
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '30']);
      expect(answer.text).toContain(UPDATING);
      expect(answer.text).toContain('30 秒后');
    }
  });

  it('While the candidates’ read model lags, a number that the vault knows is answered as one that nobody has, and no password is checked for either', async () => {
    const passwords = centre.get(Passwords);
    const checks = [jest.spyOn(passwords, 'verify'), jest.spyOn(passwords, 'verifyDummy')];
    expect(told(await logIn(NOT_YET), NOT_YET)).toEqual(told(await logIn(NOBODYS), NOBODYS));
    for (const check of checks) expect(check).not.toHaveBeenCalled();
  });

  it('While the candidates’ read model lags, numbers that it holds are checked and counted as always', async () => {
    expect((await logIn(READ)).status).toBe(303);
    for (let failure = 0; failure < 4; failure++) expect((await logIn(READ, 'wrong')).status).toBe(422);
    expect((await logIn(READ)).status).toBe(429);
  });

  it('While the candidates’ read model lags, nobody is turned away from 北京通 as not registered', async () => {
    await expect(centre.get(Accounts).ofPerson(NOT_YET_CITIZEN, '张三')).rejects.toThrow(StillUpdating);
    expect((await centre.ask('/login?bjt=updating')).text).toContain(UPDATING);
  });

  it('While the candidates’ read model lags, a person of whose admission numbers some are not read yet is told so, and not that the password is wrong', async () => {
    await centre.goOnProjecting();
    await centre.stopProjecting();
    await centre.candidate('119912345603', { id_no: NOT_YET_CITIZEN, name: '张三' }, 'battery staple');
    await begin(centre.get(ReadModelLag));
    const answer = await logIn(NOT_YET_CITIZEN, 'battery staple');
    expect([answer.status, answer.text.includes(UPDATING)]).toEqual([503, true]);
  });

  it('While the candidates’ read model lags, nobody is turned away from 北京通 as not confirmed on site whose confirmation is not read yet', async () => {
    const person = { admission_no: NOT_YET, id_no: NOT_YET_CITIZEN, name: '张三' };
    await centre.goOnProjecting();
    await centre.rows('candidates', { ...person, confirmed: 'N' });
    await centre.stopProjecting();
    await centre.rows('candidates', person);
    await begin(centre.get(ReadModelLag));
    await expect(centre.get(Accounts).ofPerson(NOT_YET_CITIZEN, '张三')).rejects.toThrow(StillUpdating);
  });

  it('While the candidates’ read model lags, a new password by a code is not set for whom it cannot be held against, and it is told alike of a number that nobody has', async () => {
    const reset = (account: string) =>
      centre.ask('/login/reset', { form: { account, code: 'AAAAA-AAAAA', password: 'correct horse', again: 'correct horse' } });
    const answer = await reset(NOT_YET);
    expect([answer.status, answer.text.includes(UPDATING)]).toEqual([503, true]);
    expect(told(answer, NOT_YET)).toEqual(told(await reset(NOBODYS), NOBODYS));
    expect((await reset(READ)).status).toBe(422);
  });

  it('While the candidates’ read model lags, what was typed does not count as a failure of the number, and all is as ever once it has caught up', async () => {
    for (let time = 0; time < 5; time++) expect((await logIn(NOT_YET)).status).toBe(503);
    await centre.goOnProjecting();
    await centre.get(ReadModelLag).checkWhileUnknown();
    expect((await logIn(NOT_YET)).status).toBe(303);
    const wrong = await logIn(NOBODYS);
    expect([wrong.status, wrong.text.includes('号码或密码不对')]).toEqual([422, true]);
  });
});

it('Requests for numbers that a lagging read model does not hold are limited by address', async () => {
  await centre.get(ReadModelLag).start();
  const answers = await Promise.all(Array.from({ length: 200 }, () => logIn(NOBODYS)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect((await logIn(NOBODYS)).status).toBe(429);
  expect((await logIn(NOT_YET)).status).toBe(429);
  expect((await logIn(NOT_YET, undefined, '198.51.100.1')).status).toBe(503);
});

it('A session of a candidate who is not read yet is not ended: that the data are being updated is said', async () => {
  const began = centre.clock.time.getTime() / 1_000;
  const claims = { sub: await centre.idOf(NOT_YET), sid: randomUUID(), began, iat: began, exp: began + 3_600 };
  const cookie = `session=${jwt.sign(claims, centre.get(SessionKeys).session, { algorithm: 'HS256' })}`;
  const answer = await centre.ask('/center', { cookie });
  expect([answer.status, answer.headers['set-cookie'], answer.headers['retry-after']]).toEqual([503, undefined, '30']);
  expect(answer.text).toContain('资料正在更新');
  const help = await centre.ask('/help', { cookie });
  expect([help.status, help.headers['set-cookie']]).toEqual([200, undefined]);
  await centre.goOnProjecting();
  expect((await centre.ask('/center', { cookie })).status).toBe(200);
});
