import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import * as argon2 from '@node-rs/argon2';

const verify = jest.fn(argon2.verify);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify }));
const { becomes, citizenNo, expectRefused, NEW, OLD, PasswordCentre } = await import('./password-centre.js');
const { causedBy } = await import('../../../src/event-store/cause.js');
const { RedeemReset } = await import('../../../src/registrations/passwords/redeem-reset.command.js');

const at = PasswordCentre.forTests();

describe('Of a person with two admission numbers,', () => {
  let other: string;
  beforeEach(async () => {
    other = at.newNumber();
    await at.centre.candidate(other, { name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(at.account) });
  });

  it('For a person with two admission numbers, a reset sets the password for both numbers, and ends the sessions that the old one began at either', async () => {
    const [here, there] = [await at.centre.signIn(at.account), await at.centre.signIn(other)];
    const code = await at.issue();
    at.pass(1);
    expect((await at.reset({ code })).status).toBe(303);
    for (const cookie of [here, there]) await becomes(303, async () => (await at.page(cookie)).status);
    expect([await at.logIn(OLD), await at.logIn(OLD, other), await at.logIn(NEW), await at.logIn(NEW, other)]).toEqual([422, 422, 303, 303]);
  });

  it('For a person with two admission numbers, a change sets the password for both numbers and ends the sessions at the other one, as 退出其他所有登录 does', async () => {
    const [mine, there] = [await at.centre.signIn(at.account), await at.centre.signIn(other)];
    await at.centre.ask('/center/account/sessions', { cookie: mine, form: { session: 'others' } });
    await becomes(303, async () => (await at.page(there)).status);
    const again = await at.centre.signIn(other);
    at.pass(1);
    await at.change(mine);
    await becomes(303, async () => (await at.page(again)).status);
    expect((await at.page(mine)).status).toBe(200);
    expect([await at.logIn(OLD, other), await at.logIn(NEW, other)]).toEqual([422, 303]);
    const switched = await at.centre.ask('/center/account/number', { cookie: mine, form: { number: await at.centre.idOf(other) } });
    expect([switched.status, switched.headers.location]).toEqual([303, '/center']);
  });

  it('For a person with two admission numbers, a choice between them that was begun with the old password lets nobody in after a reset', async () => {
    const asked = await at.centre.ask('/login', { form: { account: citizenNo(at.account), password: OLD } });
    const choice = String(asked.$('button[name=choice]').first().attr('value'));
    const cookie = String(asked.headers['set-cookie']).split(';')[0] as string;
    at.pass(1);
    await at.reset({ code: await at.issue() });
    expectRefused(await at.centre.ask('/login/choice', { cookie, form: { choice } }), '密码刚刚改过');
  });
});

describe('A login that was under way with the old password', () => {
  it('A login that was under way with the old password does not outlive a reset', async () => {
    const hashed = await argon2.hash(NEW);
    verify.mockImplementationOnce(async (...given) => {
      const isRight = await argon2.verify(...given);
      at.pass(1);
      const command = new RedeemReset(at.centre.given(), at.id, { way: 'real_name' }, hashed, []);
      await causedBy({ by: at.id, origin: 'person', correlation: 'x' }, () => at.centre.get(CommandBus).execute(command));
      return isRight;
    });
    expectRefused(await at.centre.ask('/login', { form: { account: at.account, password: OLD } }), '密码刚刚改过');
    expect(await at.logIn(NEW)).toBe(303);
  });
});
