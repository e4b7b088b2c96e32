import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { load } from 'cheerio';
import { EventStore } from '../../../src/event-store/event-store.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { becomes, expectRefused, NEW, PasswordCentre } from './password-centre.js';

/** The reactor acts when a test says so. */
const at = PasswordCentre.forTests({ acts: false });
const NEWEST = '西皮流水 二黄导板';

describe('The page after a new password', () => {
  beforeEach(() => at.otherNumber());

  const progressAddress = (answer: { readonly headers: Readonly<Record<string, unknown>> }) => String(answer.headers.location);

  it('The page after a new password says 处理中 while the reactor has not acted, looks again with and without scripts, and then that it is done', async () => {
    const cookie = await at.centre.signIn(at.account);
    const address = progressAddress(await at.change(cookie));
    await at.centre.settled();
    const waiting = await at.centre.ask(address, { cookie });
    expect(waiting.text).toContain('其他设备上的登录正在退出，处理中');
    expect(waiting.text).not.toContain('都已退出');
    expect(waiting.$('main a.btn').attr('href')).toBe(address);
    expect(waiting.$('main').attr('data-ask-again')).toBeDefined();
    expect(load(waiting.$('noscript').html() ?? '')('meta').attr('content')).toContain('/center/account/password');
    await at.react();
    expect((await at.centre.ask(address, { cookie })).text).toContain('密码已经修改。其他设备上的登录都已退出');
  });

  it('The page after a new password that was set anew says so as well, to who is not signed in', async () => {
    const address = progressAddress(await at.reset({ code: await at.issue() }));
    const waiting = await at.centre.ask(address);
    expect(waiting.text).toContain('原来的登录正在退出，处理中');
    expect(
      waiting
        .$('main a.btn')
        .toArray()
        .map((link) => waiting.$(link).attr('href')),
    ).toEqual(['/login', address]);
    await at.react();
    expect((await at.centre.ask(address)).text).toContain('新密码已经设置，原来的登录都已退出');
  });

  it('The page after a new password waits for a reactor that comes meanwhile', async () => {
    const cookie = await at.centre.signIn(at.account);
    const address = progressAddress(await at.change(cookie));
    const [page] = await Promise.all([at.centre.ask(address, { cookie }), at.react()]);
    expect(page.text).toContain('密码已经修改');
    await becomes(true, async () => (await at.centre.ask(address, { cookie })).text.includes('都已退出'));
  });

  it('The page after a new password claims nothing of an address that is made up, nor where the log does not answer', async () => {
    const cookie = await at.centre.signIn(at.account);
    const address = progressAddress(await at.change(cookie));
    for (const made of ['1', 'x.y', address.split('=')[1]?.replace(/.$/, 'z')]) {
      const { $ } = await at.centre.ask(`/center/account/password?done=${made}`, { cookie });
      expect($('input[name=old]')).toHaveLength(1);
    }
    await at.react();
    const away = jest.spyOn(at.centre.get(EventStore), 'at').mockRejectedValue(new StoreUnavailable('away'));
    expect((await at.centre.ask(address, { cookie })).text).toContain('处理中');
    away.mockRestore();
  });

  it('The page after a new password claims nothing of a password that a newer release has recorded', async () => {
    const cookie = await at.centre.signIn(at.account);
    const address = progressAddress(await at.change(cookie));
    await at.react();
    const [set] = await at.settings();
    const log = jest.spyOn(at.centre.get(EventStore), 'at').mockResolvedValue(set && { ...set, data: {}, unknown: true });
    expect((await at.centre.ask(address, { cookie })).text).toContain('处理中');
    log.mockRestore();
  });

  it('The page after a new password shows the form again where another password was set since', async () => {
    const cookie = await at.centre.signIn(at.account);
    const address = progressAddress(await at.change(cookie));
    await at.change(cookie, { old: NEW, password: NEWEST, again: NEWEST });
    expect((await at.centre.ask(address, { cookie })).$('input[name=old]')).toHaveLength(1);
  });

  it('The page after a new password is reached by one of two clicks; the other is told, and nothing is set twice', async () => {
    const cookie = await at.centre.signIn(at.account);
    const answers = await Promise.all([at.change(cookie), at.change(cookie)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await at.settings()).toHaveLength(1);
    expectRefused(await at.change(cookie), '原密码不对');
    const code = await at.issue();
    const resets = await Promise.all([at.reset({ code, password: NEWEST, again: NEWEST }), at.reset({ code, password: NEWEST, again: NEWEST })]);
    expect(resets.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await at.settings()).toHaveLength(2);
  });
});
