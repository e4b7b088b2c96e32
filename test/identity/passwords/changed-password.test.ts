import { describe, expect, it } from '@jest/globals';
import { becomes, expectRefused, NEW, OLD, PasswordCentre } from './password-centre.js';

const at = PasswordCentre.forTests();

describe('Changing the password', () => {
  it('Changing the password lets enter by the new one alone, ends all other sessions, and keeps this one', async () => {
    const [mine, other] = [await at.centre.signIn(at.account), await at.centre.signIn(at.account)];
    const answer = await at.change(mine);
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/center\/account\/password\?done=./)]);
    await becomes(303, async () => (await at.page(other)).status);
    expect((await at.page(mine)).status).toBe(200);
    expect((await at.centre.ask(String(answer.headers.location), { cookie: mine })).text).toContain('密码已经修改');
    expect([await at.logIn(OLD), await at.logIn(NEW)]).toEqual([422, 303]);
  });

  it('Changing the password takes the password however a keyboard writes it', async () => {
    await at.change(await at.centre.signIn(at.account), { password: 'Cafe\u0301　ＡＢＣ 123', again: 'Café ABC 123' });
    expect([await at.logIn('Café ABC 123'), await at.logIn('Ｃａｆé ABC 123')]).toEqual([303, 303]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a wrong old password', { old: 'wrong' }, '原密码不对'],
    ['none', { old: '' }, '请填写原密码'],
    ['two that differ', { again: `${NEW}。` }, '两次填写的新密码不一样'],
    ['a short one', { password: '七个字的密码啊', again: '七个字的密码啊' }, '新密码太短'],
    ['a common one', { password: 'password1', again: 'password1' }, '用的人太多'],
    ['the name and the birthday', { password: '欧阳娜娜900307', again: '欧阳娜娜900307' }, '很容易被猜到'],
    ['the old one', { password: OLD, again: OLD }, '新密码和原密码一样'],
  ])('Changing the password refuses %s, with one message and no password in the form', async (_, form, message) => {
    const cookie = await at.centre.signIn(at.account);
    expectRefused(await at.change(cookie, form), message);
    expect((await at.page(cookie)).status).toBe(200);
    expect(await at.logIn(OLD)).toBe(303);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a wrong old password', { old: 'wrong' }, ['old']],
    ['no old password', { old: '' }, ['old']],
    ['a new one that is missing twice', { password: '', again: '' }, ['password', 'again']],
    ['two that differ', { again: `${NEW}。` }, ['again']],
    ['a short one', { password: '七个字的密码啊', again: '七个字的密码啊' }, ['password']],
  ])('Changing the password marks after %s the wrong fields alone', async (_, form, wrong) => {
    const { $ } = await at.change(await at.centre.signIn(at.account), form);
    const marked = $('[aria-invalid=true]').toArray();
    expect(marked.map((field) => $(field).attr('name'))).toEqual(wrong);
    expect(marked.map((field) => $(field).attr('aria-describedby'))).toEqual(wrong.map(() => 'password-message'));
  });

  it('Changing the password says in green that it is changed, with the way on', async () => {
    const cookie = await at.centre.signIn(at.account);
    const { headers } = await at.change(cookie);
    await becomes(true, async () => (await at.centre.ask(String(headers.location), { cookie })).text.includes('都已退出'));
    const { $ } = await at.centre.ask(String(headers.location), { cookie });
    expect($('main .alert.good[role=status]').text()).toContain('密码已经修改');
    expect($('main a.btn').attr('href')).toBe('/center/account');
  });

  it('Changing the password marks nothing where guesses are slowed, since nothing that was typed is known to be wrong', async () => {
    const cookie = await at.centre.signIn(at.account);
    for (let failure = 0; failure < 4; failure++) await at.change(cookie, { old: 'wrong' });
    const answer = await at.change(cookie);
    expect(answer.status).toBe(429);
    expect(answer.$('[aria-invalid]')).toHaveLength(0);
  });

  it('Changing the password refuses the own admission number', async () => {
    expectRefused(await at.change(await at.centre.signIn(at.account), { password: at.account, again: at.account }), '很容易被猜到');
  });

  it('Changing the password slows guesses at the old one by who has found an open phone', async () => {
    const cookie = await at.centre.signIn(at.account);
    for (let failure = 0; failure < 4; failure++) expectRefused(await at.change(cookie, { old: 'wrong' }), '原密码不对');
    const answer = await at.change(cookie);
    expectRefused(answer, '原密码多次不对，请 1 秒后再试', 429);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('Changing the password is for who is signed in', async () => {
    expect((await at.centre.ask('/center/account/password')).headers.location).toMatch(/^\/login/);
    expect((await at.change('')).headers.location).toMatch(/^\/login/);
  });
});
