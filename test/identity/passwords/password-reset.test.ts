import { describe, expect, it, jest } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import jwt from 'jsonwebtoken';
import { tampered } from '../../tampered.js';

const verify = jest.fn(argon2.verify);
const hash = jest.fn(argon2.hash);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify, hash }));
const { becomes, citizenNo, expectRefused, NEW, OLD, PasswordCentre } = await import('./password-centre.js');
const { ResetProofs } = await import('../../../src/identity/passwords/reset-proofs.js');

const at = PasswordCentre.forTests();

describe('A code of an office', () => {
  it('A code of an office sets a new password, ends all sessions and is recorded as a reset', async () => {
    const cookie = await at.centre.signIn(at.account);
    const answer = await at.reset({ code: await at.issue() });
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/login\/reset\?done=./)]);
    await becomes(303, async () => (await at.page(cookie)).status);
    expect([await at.logIn(OLD), await at.logIn(NEW)]).toEqual([422, 303]);
    const types = (await at.events()).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['ResetCodeIssued', 'PasswordReset', 'PasswordSet', 'SignedOut']));
  });

  it('A code of an office sets a first password, by the citizen number too, and as people write it', async () => {
    const number = at.newNumber();
    await at.centre.rows('candidates', { admission_no: number, id_no: citizenNo(number) });
    const code = await at.issue(await at.centre.idOf(number));
    const written = ` ${code.toLowerCase().replace('-', ' ')}　`;
    expect((await at.reset({ account: citizenNo(number), code: written })).status).toBe(303);
    expect(await at.logIn(NEW, number)).toBe(303);
  });

  it('A code of an office is kept nowhere', async () => {
    const code = await at.issue();
    expect(JSON.stringify(await at.events())).not.toContain(code.slice(0, 5));
  });

  it('A code of an office is good once, until a newer one, and for a day', async () => {
    const first = await at.issue();
    const second = await at.issue();
    expectRefused(await at.reset({ code: first }), '号码或重设码不对');
    expect((await at.reset({ code: second })).status).toBe(303);
    expectRefused(await at.reset({ code: second }), '号码或重设码不对');
    const third = await at.issue();
    at.pass(24 * 3_600);
    expectRefused(await at.reset({ code: third }), '号码或重设码不对');
  });

  it('A code of an office that is wrong, or for another number, or for nobody’s, is answered alike after the same work', async () => {
    const code = await at.issue();
    const other = at.newNumber();
    await at.centre.candidate(other, { id_no: citizenNo(other) });
    const answers: [string, string][] = [
      [at.account, 'AAAAA-AAAAA'],
      [other, code],
      ['119900000000', code],
      ['words', code],
    ];
    for (const [number, wrong] of answers) {
      verify.mockClear();
      hash.mockClear();
      const answer = await at.reset({ account: number, code: wrong });
      expectRefused(answer, '号码或重设码不对，或者重设码已经用过、已经过期');
      expect([verify.mock.calls.length, hash.mock.calls.length]).toEqual([0, 1]);
      expect(answer.$('input[name=account]').val()).toBe(number);
    }
    expect((await at.reset({ code })).status).toBe(303);
  });

  it('A code of an office tells that a password will not do for the person to nobody else, and stays good', async () => {
    const code = await at.issue();
    const personal = { password: '欧阳娜娜900307', again: '欧阳娜娜900307' };
    expectRefused(await at.reset({ code: 'AAAAA-AAAAA', ...personal }), '号码或重设码不对');
    expectRefused(await at.reset({ code, ...personal }), '很容易被猜到');
    expect((await at.reset({ code })).status).toBe(303);
  });

  it('A code of an office is slowed down in guessing', async () => {
    const code = await at.issue();
    for (let failure = 0; failure < 4; failure++) expect((await at.reset({ code: 'AAAAA-AAAAA' })).status).toBe(422);
    expectRefused(await at.reset({ code }), '请 1 秒后再试', 429);
    at.pass(1);
    expect((await at.reset({ code })).status).toBe(303);
  });

  it('A code of an office opens no account that is closed since', async () => {
    const number = at.newNumber();
    await at.centre.candidate(number, { id_no: citizenNo(number) });
    const code = await at.issue(await at.centre.idOf(number));
    await at.centre.rows('candidates', { admission_no: number, id_no: citizenNo(number), account_state: 'closed' });
    expectRefused(await at.reset({ account: number, code }), '号码或重设码不对');
  });

  it.each([
    ['characters that unfold to eighteen each', '\u{fdfa}'.repeat(2_000)],
    ['digits', '1'.repeat(2_000)],
  ])('The page for a code of an office answers a number of 2,000 %s at once', async (_, number) => {
    expectRefused(await at.reset({ account: number, code: 'x' }), '号码或重设码不对');
  });

  it('A code of an office has a page for everyone, linked from the login page', async () => {
    expect((await at.centre.ask('/login')).$('a[href="/login/reset"]')).toHaveLength(1);
    expect((await at.centre.ask('/login/reset')).$('input[name=code]')).toHaveLength(1);
  });
});

describe('北京通 at L3 or above', () => {
  /** The cookies of a session and of its proof. */
  async function proof(): Promise<string> {
    const session = await at.centre.signIn(at.account);
    const token = /session=([^;]+)/.exec(session)?.[1] ?? '';
    const { sid } = jwt.decode(token) as { sid: string };
    let cookie = '';
    const setCookie = (name: string, value: string) => {
      cookie = `${name}=${value}`;
    };
    at.centre.get(ResetProofs).begin({ setCookie }, at.id, sid);
    return `${session}; ${cookie}`;
  }

  it('北京通 at L3 or above sets a password without a code, once', async () => {
    const cookie = await proof();
    const shown = await at.centre.ask('/login/reset', { cookie });
    expect([shown.$('input[name=code]').length, shown.$('input[name=password]').length]).toEqual([0, 1]);
    expect((await at.reset({}, cookie)).status).toBe(303);
    expect(await at.logIn(NEW)).toBe(303);
    expectRefused(await at.reset({ password: 'another one of mine', again: 'another one of mine' }, cookie), '已经过期或用过');
  });

  it('北京通 at L3 or above is good for ten minutes', async () => {
    const cookie = await proof();
    at.pass(600);
    expectRefused(await at.reset({ code: '' }, cookie), '已经过期或用过');
    expect((await at.centre.ask('/login/reset', { cookie })).$('input[name=code]')).toHaveLength(1);
  });

  it('北京通 at L3 or above is good no longer than the session, and for no other', async () => {
    const [left, other] = [await proof(), await at.centre.signIn(at.account)];
    await at.centre.ask('/logout', { cookie: left, form: {} });
    expectRefused(await at.reset({}, left), '已经过期或用过');
    expectRefused(await at.reset({}, `${other}; ${left.split('; ').at(-1)}`), '已经过期或用过');
    expect(await at.logIn(OLD)).toBe(303);
  });

  it('北京通 at L3 or above is believed of nobody else', async () => {
    expectRefused(await at.reset({ code: '' }, tampered(await proof())), '已经过期或用过');
  });
});
