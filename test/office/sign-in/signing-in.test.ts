import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { newSetupCode } from '../../../src/office/officers/one-time-codes.js';
import { ReinstateOfficer } from '../../../src/office/officers/reinstate-officer.command.js';
import { ResetOfficer } from '../../../src/office/officers/reset-officer.command.js';
import { SuspendOfficer } from '../../../src/office/officers/suspend-officer.command.js';
import { type Answer, TestCentre } from '../../centre.js';
import { until } from '../../until.js';
import { addOfficer, asHost, OfficeBrowser, PASSWORD } from '../office-browser.js';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0';

let centre: TestCentre;
beforeEach(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { TRUST_PROXY: '1', PUBLIC_URL: 'https://centre.example' });
});
afterEach(() => centre.close());

const leadsTo = ({ status, headers }: Answer) => [status, headers.location];
const recorded = async (account: string) => ((await centre.get(EventStore).streams([`officer-${account}`]))[0] ?? []).map(({ type }) => type);

describe('The first sign-in of an officer', () => {
  it('The first sign-in of an officer sets a password by the code, enrols the app by a QR code, and shows recovery codes once', async () => {
    const browser = new OfficeBrowser(centre, 'city-1');
    const code = await addOfficer(centre, 'city-1', ['city']);
    expect(leadsTo(await browser.setPassword(code))).toEqual([303, '/office/login?set=1']);
    const typed = await browser.typePassword();
    expect(leadsTo(typed)).toEqual([303, '/office/login/factor']);
    const enrolling = await browser.get('/office/login/factor');
    expect([enrolling.$('h1').text(), enrolling.$('img.qr').attr('src')]).toEqual(['设置第二重验证', expect.stringMatching(/^data:image\/svg\+xml,%3Csvg/)]);
    const answer = await browser.enrol();
    expect([answer.status, browser.recoveryCodes.length, new Set(browser.recoveryCodes).size]).toEqual([200, 10, 10]);
    const home = await browser.get('/office');
    expect([home.status, home.$('h1').text(), home.$('.who').text()]).toEqual([200, '今日', 'city-1市级经办']);
    expect((await browser.get('/office/login/factor')).headers.location).toBe('/office/login?expired=1');
    const log = JSON.stringify(await centre.get(EventStore).streams(['officer-city-1']));
    for (const secret of [browser.secret, PASSWORD, '$argon2id$', code, ...browser.recoveryCodes]) expect(log).not.toContain(secret);
  });

  it('The first sign-in of an officer is for the office alone: the cookie goes to /office, from no other site and to no script', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    const answer = await browser.signIn();
    const cookie = [answer.headers['set-cookie'] ?? []].flat().find((each) => String(each).startsWith('__Secure-office='));
    for (const part of ['Path=/office', 'HttpOnly', 'SameSite=Strict', 'Secure']) expect(String(cookie)).toContain(`; ${part}`);
    expect((await centre.ask('/center', { cookie: String(cookie).split(';')[0] ?? '' })).headers.location).toMatch(/^\/login/);
  });

  it.each([
    ['a code that was used', (code: string) => ({ code, password: '另一个不常见的密码', again: '另一个不常见的密码' }), '代码不对'],
    ['two passwords that differ', (code: string) => ({ code, password: PASSWORD, again: `${PASSWORD}x` }), '不一样'],
    ['a password that all use', (code: string) => ({ code, password: 'password1', again: 'password1' }), '密码'],
    ['an empty field', (code: string) => ({ code, password: '', again: '' }), '请填写'],
  ])('The first sign-in of an officer refuses %s', async (what, form, says) => {
    const browser = new OfficeBrowser(centre, 'city-1');
    const code = await addOfficer(centre, 'city-1', ['city']);
    if (what.startsWith('a code')) await browser.setPassword(code);
    const { status, text } = await browser.post('/office/login/code', { account: 'City-1', ...form(code) });
    expect([status, text]).toEqual([422, expect.stringContaining(says)]);
  });
});

describe('The second factor', () => {
  it('The second factor is taken two steps early or late, and each code once', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    browser.pass(300);
    await browser.typePassword();
    for (const steps of [-3, 3]) expect((await browser.post('/office/login/factor', { code: browser.code(steps) })).status).toBe(422);
    expect(leadsTo(await browser.post('/office/login/factor', { code: browser.code(-2) }))).toEqual([303, '/office']);
    await browser.typePassword();
    const again = await browser.post('/office/login/factor', { code: browser.code(-2) });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('已经用过')]);
    expect(leadsTo(await browser.post('/office/login/factor', { code: browser.code(2) }))).toEqual([303, '/office']);
  });

  it('The second factor is a recovery code where the app is lost, each once', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    const [code = ''] = browser.recoveryCodes;
    await browser.typePassword();
    expect(leadsTo(await browser.post('/office/login/factor', { code: ` ${code.toLowerCase()}` }))).toEqual([303, '/office']);
    await centre.settled();
    expect((await browser.get('/office/me')).text).toContain('恢复码还有 9 个');
    await browser.typePassword();
    expect((await browser.post('/office/login/factor', { code })).status).toBe(422);
  });

  it('The second factor is not looked at any more after many wrong codes, and neither is a password', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    await browser.typePassword();
    const codes = [];
    for (let at = 0; at < 5; at++) codes.push((await browser.post('/office/login/factor', { code: '000000' })).status);
    expect(codes).toEqual([422, 422, 422, 422, 429]);
    const passwords = [];
    for (let at = 0; at < 5; at++) passwords.push((await browser.typePassword('wrong password')).status);
    expect(passwords).toEqual([422, 422, 422, 422, 429]);
  });

  it.each(['', 'no JSON', '{}', '{"id":"x","rawId":"x","type":"public-key","response":{},"clientExtensionResults":{}}', 'null', '[]'])(
    'The second factor is not a passkey that answers %j',
    async (credential) => {
      const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
      await browser.typePassword();
      await browser.get('/office/login/factor');
      expect((await browser.post('/office/login/factor', { credential })).status).toBe(422);
      await browser.get('/office/passkeys');
      expect((await browser.post('/office/passkeys', { credential, name: '电脑' })).status).toBe(422);
      expect(await recorded('city-1')).not.toContain('OfficerPasskeyAdded');
    },
  );

  it('The second factor is never asked for without the password of now', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    browser.pass(60);
    await browser.typePassword();
    const code = newSetupCode(centre.clock.now());
    await asHost(centre, new ResetOfficer(givenAt(centre.clock.instant()), 'city-1', code));
    await browser.setPassword(code.text, '洪羊洞 为国家哪何曾半日闲空');
    const { status, text } = await browser.post('/office/login/factor', { code: browser.code() });
    expect([status, text]).toEqual([422, expect.stringContaining('验证码不对')]);
    expect(await recorded('city-1')).not.toContain('OfficerFactorProved');
    expect((await new OfficeBrowser(centre, 'city-1').get('/office/login/factor')).headers.location).toBe('/office/login?expired=1');
  });
});

describe('A session of an officer', () => {
  it('A session of an officer ends after 15 minutes without a request, and after 12 hours at the latest', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    const idle = browser.copy();
    browser.pass(14 * 60);
    expect((await browser.get('/office')).status).toBe(200);
    browser.pass(2 * 60);
    expect((await browser.get('/office')).status).toBe(200);
    expect(leadsTo(await idle.get('/office/tasks'))).toEqual([303, '/office/login?to=%2Foffice%2Ftasks&ended=1']);
    for (let minutes = 16; minutes < 12 * 60; minutes += 10) {
      expect((await browser.get('/office')).status).toBe(200);
      browser.pass(600);
    }
    expect((await browser.get('/office')).status).toBe(303);
  });

  it.each([
    ['is signed out', async (browser: OfficeBrowser) => void (await browser.copy().post('/office/logout', { _: '' }))],
    [
      'is ended on another device',
      async (browser: OfficeBrowser) => {
        const other = browser.copy();
        await other.signIn();
        await other.post('/office/me', { session: 'others' });
      },
    ],
    [
      'belongs to a suspended account',
      async () => {
        centre.clock.time = new Date(centre.clock.now().getTime() + 1_000);
        await asHost(centre, new SuspendOfficer(givenAt(centre.clock.instant()), 'city-1'));
        await asHost(centre, new ReinstateOfficer(givenAt(centre.clock.instant()), 'city-1'));
      },
    ],
    [
      'belongs to an account that was reset',
      () => asHost(centre, new ResetOfficer(givenAt(centre.clock.instant()), 'city-1', newSetupCode(centre.clock.now()))),
    ],
  ])('A session of an officer lets nobody in once it %s', async (_, end) => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    expect((await browser.get('/office')).status).toBe(200);
    await end(browser);
    await centre.settled();
    expect(leadsTo(await browser.get('/office'))).toEqual([303, '/office/login?ended=1']);
  });

  it('A session of an officer is asked for its factor when both network and family of browser are others, and goes on with it', async () => {
    const browser = new OfficeBrowser(centre, 'city-1');
    browser.headers = { 'x-forwarded-for': '203.0.113.10', 'user-agent': CHROME };
    await browser.setPassword(await addOfficer(centre, 'city-1', ['city']));
    await browser.enrol();
    expect((await browser.copy({ 'x-forwarded-for': '198.51.100.7', 'user-agent': CHROME }).get('/office')).status).toBe(200);
    expect((await browser.copy({ 'x-forwarded-for': '203.0.113.10', 'user-agent': FIREFOX }).get('/office')).status).toBe(200);
    const moved = browser.copy({ 'x-forwarded-for': '198.51.100.7', 'user-agent': FIREFOX });
    expect(leadsTo(await moved.get('/office/tasks'))).toEqual([303, '/office/factor?to=%2Foffice%2Ftasks']);
    expect(leadsTo(await moved.post('/office/me', { session: 'others' }))[0]).toBe(303);
    moved.pass(30);
    expect((await moved.post('/office/factor', { code: '000000' })).status).toBe(422);
    expect(leadsTo(await moved.post('/office/factor', { code: moved.code(), to: '/office/tasks' }))).toEqual([303, '/office/tasks']);
    expect((await moved.get('/office/tasks')).status).toBe(200);
    expect(await recorded('city-1')).toContain('OfficerFactorProved');
  });

  it('A session of an officer is listed with its device, and the others can be ended', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    const other = browser.copy({ 'user-agent': FIREFOX });
    await other.signIn();
    const { text, $ } = await browser.get('/office/me');
    expect(text).toContain('Linux 电脑 · Firefox');
    expect(leadsTo(await browser.post('/office/me', { session: String($('button[name=session]').last().attr('value')) }))).toEqual([303, '/office/me']);
    await centre.settled();
    expect((await other.get('/office')).status).toBe(303);
    expect((await browser.get('/office/me')).text).not.toContain('退出其他所有登录');
  });

  it('A session of an officer is let in once the read model has seen that it began, and until then the page says so', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    await centre.stopProjecting();
    await browser.signIn();
    const early = await browser.get('/office');
    expect([early.status, early.text, early.headers['retry-after']]).toEqual([503, expect.stringContaining('资料正在更新'), '1']);
    expect((await browser.get('/office/login')).status).toBe(200);
    await centre.goOnProjecting();
    expect((await browser.get('/office')).status).toBe(200);
  });

  it('A session of an officer leads to no other site after signing in', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    for (const to of ['//evil.example', 'https://evil.example/office', '/office/../center', '/office/logout', '/officeX', '/office//evil']) {
      const { $ } = await new OfficeBrowser(centre, 'x').get(`/office/login?${new URLSearchParams({ to })}`);
      expect([to, $('input[name=to]').length]).toEqual([to, 0]);
    }
    expect((await browser.get('/office/login?to=%2Foffice%2Ftasks')).headers.location).toBe('/office/tasks');
  });

  it('A session of an officer lists who tried to sign in as the officer and failed, and at what', async () => {
    const browser = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
    const stranger = browser.copy({ 'x-forwarded-for': '198.51.100.7', 'user-agent': FIREFOX });
    await stranger.typePassword('wrong password');
    await stranger.typePassword();
    await stranger.post('/office/login/factor', { code: '000000' });
    await new OfficeBrowser(centre, 'nobody-1').typePassword();
    const failures = async () => (await recorded('city-1')).filter((type) => type === 'OfficerSignInsFailed').length;
    await until('both failures are recorded', async () => (await failures()) === 2);
    await centre.settled();
    const { text } = await browser.get('/office/me');
    expect(text).toContain('198.51.100.7');
    expect(text).toMatch(/密码不对1/);
    expect(text).toMatch(/密码对，验证码不对1/);
    expect(await recorded('nobody-1')).toEqual([]);
  });
});
