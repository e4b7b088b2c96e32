import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import type { FastifyReply } from 'fastify';
import jwt from 'jsonwebtoken';
import type { Answer, TestCentre as Centre } from '../centre.js';

const verify = jest.fn(argon2.verify);
const hash = jest.fn(argon2.hash);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify, hash }));
const { cookiesOf, TestCentre } = await import('../centre.js');
const { EventStore } = await import('../../src/event-store/event-store.js');
const { keyedCode, newResetCode } = await import('../../src/identity/reset-codes.js');
const { ResetProofs } = await import('../../src/identity/reset-proofs.js');
const { SessionKeys } = await import('../../src/identity/session-keys.js');
const { IssueResetCode } = await import('../../src/registrations/issue-reset-code.command.js');
const { NewPasswords } = await import('../../src/identity/new-passwords.js');
const { RedeemReset } = await import('../../src/registrations/redeem-reset.command.js');
const { causedBy } = await import('../../src/event-store/cause.js');
const { SetPassword } = await import('../../src/registrations/set-password.command.js');

const OLD = 'correct horse';
const NEW = '四郎探母 坐宫一折';

let centre: Centre;
let numbers = 119_955_000_000;
let account: string;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open();
});
afterAll(() => centre.close());
beforeEach(async () => {
  centre.clock.time = new Date(centre.clock.time.getTime() + 3_600_000);
  account = String(++numbers);
  id = await centre.candidate(account, { name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(numbers) });
});

/** With the right check character; of nobody. */
function citizenNo(number: number): string {
  const body = `119900199003${String(number).slice(-5)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(`${body.slice(0, 12)}07${body.slice(14)}`[at]), 0);
  return `${body.slice(0, 12)}07${body.slice(14)}${'10X98765432'[sum % 11]}`;
}

const logIn = async (password: string, number = account) => (await centre.ask('/login', { form: { account: number, password } })).status;
const page = (cookie: string) => centre.ask('/center/account', { cookie });
const change = (cookie: string, form: Readonly<Record<string, string>> = {}) =>
  centre.ask('/center/account/password', { cookie, form: { old: OLD, password: NEW, again: NEW, ...form } });
const reset = (form: Readonly<Record<string, string>>, cookie = '') =>
  centre.ask('/login/reset', { ...(cookie && { cookie }), form: { account, password: NEW, again: NEW, ...form } });

async function issue(candidate = id, lasts = 24 * 3_600_000): Promise<string> {
  const code = newResetCode();
  const until = new Date(centre.clock.time.getTime() + lasts).toISOString();
  await centre.record(new IssueResetCode(centre.given(), candidate, keyedCode(centre.get(SessionKeys).reset, candidate, code), until));
  return code;
}

/** Asks until what is recorded beside the answer has come round; a test that waits in vain runs out of time. */
async function becomes<T>(expected: T, ask: () => Promise<T>): Promise<void> {
  while ((await ask()) !== expected) await new Promise(setImmediate);
}

function expectRefused(answer: Answer, message: string, status = 422) {
  expect([answer.status, answer.$('[role=alert]').text()]).toEqual([status, expect.stringContaining(message)]);
  expect(answer.body).not.toContain(NEW);
  expect(answer.$('input[type=password][value]')).toHaveLength(0);
}

describe('changing the password', () => {
  it('lets enter by the new one alone, ends all other sessions, and keeps this one', async () => {
    const [mine, other] = [await centre.signIn(account), await centre.signIn(account)];
    const answer = await change(mine);
    expect([answer.status, answer.headers.location]).toEqual([303, '/center/account/password?done=1']);
    await becomes(303, async () => (await page(other)).status);
    expect((await page(mine)).status).toBe(200);
    expect((await centre.ask('/center/account/password?done=1', { cookie: mine })).text).toContain('密码已经修改');
    expect([await logIn(OLD), await logIn(NEW)]).toEqual([422, 303]);
  });

  it('takes the password however a keyboard writes it', async () => {
    await change(await centre.signIn(account), { password: 'Cafe\u0301　ＡＢＣ 123', again: 'Café ABC 123' });
    expect([await logIn('Café ABC 123'), await logIn('Ｃａｆé ABC 123')]).toEqual([303, 303]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a wrong old password', { old: 'wrong' }, '原密码不对'],
    ['none', { old: '' }, '请填写原密码'],
    ['two that differ', { again: `${NEW}。` }, '两次填写的新密码不一样'],
    ['a short one', { password: '七个字的密码啊', again: '七个字的密码啊' }, '新密码太短'],
    ['a common one', { password: 'password1', again: 'password1' }, '用的人太多'],
    ['the name and the birthday', { password: '欧阳娜娜900307', again: '欧阳娜娜900307' }, '很容易被猜到'],
    ['the old one', { password: OLD, again: OLD }, '新密码和原密码一样'],
  ])('refuses %s, with one message and no password in the form', async (_, form, message) => {
    const cookie = await centre.signIn(account);
    expectRefused(await change(cookie, form), message);
    expect((await page(cookie)).status).toBe(200);
    expect(await logIn(OLD)).toBe(303);
  });

  it('refuses the own admission number', async () => {
    expectRefused(await change(await centre.signIn(account), { password: account, again: account }), '很容易被猜到');
  });

  it('slows guesses at the old one by who has found an open phone', async () => {
    const cookie = await centre.signIn(account);
    for (let failure = 0; failure < 4; failure++) expectRefused(await change(cookie, { old: 'wrong' }), '原密码不对');
    const answer = await change(cookie);
    expectRefused(answer, '原密码多次不对，请 1 秒后再试', 429);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('is for who is signed in', async () => {
    expect((await centre.ask('/center/account/password')).headers.location).toMatch(/^\/login/);
    expect((await change('')).headers.location).toMatch(/^\/login/);
  });
});

describe('a code of an office', () => {
  it('sets a new password, ends all sessions and is recorded as a reset', async () => {
    const cookie = await centre.signIn(account);
    const answer = await reset({ code: await issue() });
    expect([answer.status, answer.headers.location]).toEqual([303, '/login/reset?done=1']);
    await becomes(303, async () => (await page(cookie)).status);
    expect([await logIn(OLD), await logIn(NEW)]).toEqual([422, 303]);
    const types = (await centre.get(EventStore).subject(id)).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['ResetCodeIssued', 'PasswordReset', 'PasswordSet', 'SignedOut']));
  });

  it('sets a first password, by the citizen number too, and as people write it', async () => {
    const number = String(++numbers);
    await centre.rows('candidates', { admission_no: number, id_no: citizenNo(numbers) });
    const code = await issue(await centre.idOf(number));
    const written = ` ${code.toLowerCase().replace('-', ' ')}　`;
    expect((await reset({ account: citizenNo(numbers), code: written })).status).toBe(303);
    expect(await logIn(NEW, number)).toBe(303);
  });

  it('is kept nowhere', async () => {
    const code = await issue();
    expect(JSON.stringify(await centre.get(EventStore).subject(id))).not.toContain(code.slice(0, 5));
  });

  it('is good once, until a newer one, and for a day', async () => {
    const first = await issue();
    const second = await issue();
    expectRefused(await reset({ code: first }), '号码或重设码不对');
    expect((await reset({ code: second })).status).toBe(303);
    expectRefused(await reset({ code: second }), '号码或重设码不对');
    const third = await issue();
    centre.clock.time = new Date(centre.clock.time.getTime() + 24 * 3_600_000);
    expectRefused(await reset({ code: third }), '号码或重设码不对');
  });

  it('that is wrong, or for another number, or for nobody’s, is answered alike after the same work', async () => {
    const code = await issue();
    const other = String(++numbers);
    await centre.candidate(other, { id_no: citizenNo(numbers) });
    const answers: [string, string][] = [
      [account, 'AAAAA-AAAAA'],
      [other, code],
      ['119900000000', code],
      ['words', code],
    ];
    for (const [number, wrong] of answers) {
      verify.mockClear();
      hash.mockClear();
      const answer = await reset({ account: number, code: wrong });
      expectRefused(answer, '号码或重设码不对，或者重设码已经用过、已经过期');
      expect([verify.mock.calls.length, hash.mock.calls.length]).toEqual([0, 1]);
      expect(answer.$('input[name=account]').val()).toBe(number);
    }
    expect((await reset({ code })).status).toBe(303);
  });

  it('tells that a password will not do for the person to nobody else, and stays good', async () => {
    const code = await issue();
    const personal = { password: '欧阳娜娜900307', again: '欧阳娜娜900307' };
    expectRefused(await reset({ code: 'AAAAA-AAAAA', ...personal }), '号码或重设码不对');
    expectRefused(await reset({ code, ...personal }), '很容易被猜到');
    expect((await reset({ code })).status).toBe(303);
  });

  it('is slowed down in guessing', async () => {
    const code = await issue();
    for (let failure = 0; failure < 4; failure++) expect((await reset({ code: 'AAAAA-AAAAA' })).status).toBe(422);
    expectRefused(await reset({ code }), '请 1 秒后再试', 429);
    centre.clock.time = new Date(centre.clock.time.getTime() + 1_000);
    expect((await reset({ code })).status).toBe(303);
  });

  it('opens no account that is closed since', async () => {
    const number = String(++numbers);
    await centre.candidate(number, { id_no: citizenNo(numbers) });
    const code = await issue(await centre.idOf(number));
    await centre.rows('candidates', { admission_no: number, id_no: citizenNo(numbers), account_state: 'closed' });
    expectRefused(await reset({ account: number, code }), '号码或重设码不对');
  });

  it.each([
    ['characters that unfold to eighteen each', '\u{fdfa}'.repeat(2_000)],
    ['digits', '1'.repeat(2_000)],
  ])('answers a number of 2,000 %s at once', async (_, number) => {
    expectRefused(await reset({ account: number, code: 'x' }), '号码或重设码不对');
  });

  it('has a page for everyone, linked from the login page', async () => {
    expect((await centre.ask('/login')).$('a[href="/login/reset"]')).toHaveLength(1);
    expect((await centre.ask('/login/reset')).$('input[name=code]')).toHaveLength(1);
  });
});

describe('北京通 at L3 or above', () => {
  /** The cookies of a session and of its proof. */
  async function proof(): Promise<string> {
    const session = await centre.signIn(account);
    const [, token] = /session=([^;]+)/.exec(session) as unknown as [string, string];
    const { sid } = jwt.decode(token) as { sid: string };
    let cookie = '';
    const reply = { setCookie: (name: string, value: string) => (cookie = `${name}=${value}`) } as unknown as FastifyReply;
    centre.get(ResetProofs).begin(reply, id, sid);
    return `${session}; ${cookie}`;
  }

  it('sets a password without a code, once', async () => {
    const cookie = await proof();
    const shown = await centre.ask('/login/reset', { cookie });
    expect([shown.$('input[name=code]').length, shown.$('input[name=password]').length]).toEqual([0, 1]);
    expect((await reset({}, cookie)).status).toBe(303);
    expect(await logIn(NEW)).toBe(303);
    expectRefused(await reset({ password: 'another one of mine', again: 'another one of mine' }, cookie), '已经过期或用过');
  });

  it('is good for ten minutes', async () => {
    const cookie = await proof();
    centre.clock.time = new Date(centre.clock.time.getTime() + 600_000);
    expectRefused(await reset({ code: '' }, cookie), '已经过期或用过');
    expect((await centre.ask('/login/reset', { cookie })).$('input[name=code]')).toHaveLength(1);
  });

  it('is good no longer than the session, and for no other', async () => {
    const [left, other] = [await proof(), await centre.signIn(account)];
    await centre.ask('/logout', { cookie: left, form: {} });
    expectRefused(await reset({}, left), '已经过期或用过');
    expectRefused(await reset({}, `${other}; ${left.split('; ').at(-1)}`), '已经过期或用过');
    expect(await logIn(OLD)).toBe(303);
  });

  it('is believed of nobody else', async () => {
    expectRefused(await reset({ code: '' }, `${(await proof()).slice(0, -2)}xx`), '已经过期或用过');
  });
});

describe('of a person with two admission numbers', () => {
  let other: string;
  beforeEach(async () => {
    other = String(++numbers);
    await centre.candidate(other, { name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(numbers - 1) });
  });
  const later = () => {
    centre.clock.time = new Date(centre.clock.time.getTime() + 1_000);
  };

  it('a reset sets it for both, and ends what was entered by the old one at either', async () => {
    const [here, there] = [await centre.signIn(account), await centre.signIn(other)];
    const code = await issue();
    later();
    expect((await reset({ code })).status).toBe(303);
    for (const cookie of [here, there]) await becomes(303, async () => (await page(cookie)).status);
    expect([await logIn(OLD), await logIn(OLD, other), await logIn(NEW), await logIn(NEW, other)]).toEqual([422, 422, 303, 303]);
  });

  it('a change does so too, and 退出其他所有登录 ends those at the other number', async () => {
    const [mine, there] = [await centre.signIn(account), await centre.signIn(other)];
    await centre.ask('/center/account/sessions', { cookie: mine, form: { session: 'others' } });
    await becomes(303, async () => (await page(there)).status);
    const again = await centre.signIn(other);
    later();
    await change(mine);
    await becomes(303, async () => (await page(again)).status);
    expect((await page(mine)).status).toBe(200);
    expect([await logIn(OLD, other), await logIn(NEW, other)]).toEqual([422, 303]);
  });

  it('a choice that was waiting lets nobody in any more', async () => {
    const asked = await centre.ask('/login', { form: { account: citizenNo(numbers - 1), password: OLD } });
    const choice = String(asked.$('button[name=choice]').first().attr('value'));
    const cookie = String(asked.headers['set-cookie']).split(';')[0] as string;
    later();
    await reset({ code: await issue() });
    expectRefused(await centre.ask('/login/choice', { cookie, form: { choice } }), '密码刚刚改过');
  });
});

describe('a login that was under way with the old password', () => {
  it('does not outlive a reset', async () => {
    const hashed = await argon2.hash(NEW);
    verify.mockImplementationOnce(async (...given) => {
      const isRight = await argon2.verify(...given);
      centre.clock.time = new Date(centre.clock.time.getTime() + 1_000);
      const command = new RedeemReset(centre.given(), id, { way: 'real_name' }, hashed);
      await causedBy({ by: id, origin: 'person', correlation: 'x' }, () => centre.get(NewPasswords).set(command));
      return isRight;
    });
    expectRefused(await centre.ask('/login', { form: { account, password: OLD } }), '密码刚刚改过');
    expect(await logIn(NEW)).toBe(303);
  });
});

describe('an older hash', () => {
  it('is replaced when its owner enters, as a reaction, and nobody notices', async () => {
    const number = String(++numbers);
    await centre.rows('candidates', { admission_no: number, id_no: citizenNo(numbers) });
    const candidate = await centre.idOf(number);
    const weak = await argon2.hash(OLD, { memoryCost: 1_024, timeCost: 1, parallelism: 1 });
    await centre.record(new SetPassword(centre.given(), candidate, weak));
    const cookie = await centre.signIn(number);
    const sets = async () => (await centre.get(EventStore).subject(candidate)).filter(({ type }) => type === 'PasswordSet');
    await becomes(2, async () => (await sets()).length);
    expect((await sets()).at(-1)?.metadata).toMatchObject({ by: 'password-upgrade', origin: 'reaction' });
    await centre.settled();
    expect((await page(cookie)).status).toBe(200);
    expect(await logIn(OLD, number)).toBe(303);
    await centre.settled();
    expect(await sets()).toHaveLength(2);
  });
});

describe('a failed sign-in', () => {
  it('is recorded for whose number it was, and says from where to nobody else', async () => {
    await logIn('wrong');
    await logIn('wrong again');
    const failures = async () => (await centre.get(EventStore).subject(id)).filter(({ type }) => type === 'SignInsFailed');
    await becomes(1, async () => (await failures()).length);
    const [failure] = await failures();
    expect(failure).toMatchObject({ data: { candidateId: id, times: 2 }, metadata: { by: 'visitor' } });
    expect(JSON.stringify(failure)).not.toContain('127.0.0.1');
  });
});

describe('a cookie from before', () => {
  it('does not become a session by entering with it', async () => {
    const planted = 'session=eyJhbGciOiJIUzI1NiJ9.e30.planted';
    const answer = await centre.ask('/login', { cookie: planted, form: { account, password: OLD } });
    expect(answer.status).toBe(303);
    expect(cookiesOf(answer)).not.toContain('planted');
    expect((await page(planted)).status).toBe(303);
  });
});
