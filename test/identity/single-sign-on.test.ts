import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sandbox } from '../../demo/sandbox-bjt/sandbox.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { SingleSignOnOutcomes } from '../../src/identity/single-sign-on-outcomes.js';
import { TestCentre } from '../centre.js';
import { type Arrived, SsoBrowser } from './sso-browser.js';

const ONE = '11990019900101001X';
const TWO = '119900198805050014';
const DOTTED = '119900199203040029';
const UNCONFIRMED = '119900199511110017';
const CLOSED = '119900199612120022';
const MIXED = '119900197707070015';
const FROZEN = '119900197808080024';
const STRANGER = '119900199001010029';

let folder: string;
let sandbox: Sandbox;
let centre: TestCentre;
let address: string;
let id: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bjt-'));
  sandbox = await Sandbox.start({ folder });
  // tokens are judged by the platform's time, which is the machine's
  centre = await TestCentre.open(new Date().toISOString(), { ...sandbox.settings });
  const other = { id_type: '外国人永久居留证' };
  id = await centre.candidate('119912345601', { name: '张三', id_no: ONE });
  await centre.candidate('119912345602', { name: '李四', id_no: TWO, ...other, registered_period: '1604' });
  await centre.candidate('119912345603', { name: '李四', id_no: TWO, ...other });
  await centre.candidate('119912345604', { name: '阿依古丽·买买提', id_no: DOTTED, ...other });
  await centre.candidate('119912345605', { name: '王五', id_no: UNCONFIRMED, ...other, confirmed: 'N' });
  await centre.candidate('119912345606', { name: '赵六', id_no: CLOSED, ...other, account_state: 'closed' });
  await centre.candidate('119912345607', { name: '孙七', id_no: MIXED, ...other, confirmed: 'N' });
  await centre.candidate('119912345608', { name: '孙七', id_no: MIXED, ...other });
  await centre.candidate('119912345609', { name: '周八', id_no: FROZEN, ...other, account_state: 'frozen' });
  await centre.application.listen(0, '127.0.0.1');
  address = (await centre.application.getUrl()).replace('[::1]', '127.0.0.1');
});
afterAll(async () => {
  await centre.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

type Form = Readonly<Record<string, string>>;
const zhangSan = { name: '张三', id_no: ONE };

/** To the platform's page, and what is chosen there. */
async function visit(form: Form, browser = new SsoBrowser(), query = ''): Promise<Arrived & { browser: SsoBrowser }> {
  const page = await browser.get(`${address}/login/bjt${query}`);
  expect(page.text).toContain('请求您的姓名');
  return { ...(await browser.post(page.address, { level: '3', do: 'agree', ...form })), browser };
}

/** As `visit`, but stops with the address of ours that the platform sends the browser to. */
async function backFrom(form: Form, browser: SsoBrowser, query = ''): Promise<string> {
  const page = await browser.get(`${address}/login/bjt${query}`);
  const left = await browser.post(page.address, { level: '3', do: 'agree', ...form }, 1);
  return String(left.headers.get('location'));
}

const pathOf = ({ address: at }: Arrived) => at.replace(address, '');
const home = (browser: SsoBrowser) => browser.get(`${address}/center/account`);
const counted = (outcome: 'entered' | 'again' | 'stale') => centre.get(SingleSignOnOutcomes).counted().get(outcome) ?? 0;

describe('with L3 or above, and the name and number of a registration', () => {
  it.each([
    ['L3', zhangSan],
    ['L4', { ...zhangSan, level: '4' }],
    ['spaces in the name', { ...zhangSan, writing: 'spaced' }],
    ['another dot in the name', { name: '阿依古丽·买买提', id_no: DOTTED, writing: 'other dot' }],
    ['no dot in the name', { name: '阿依古丽买买提', id_no: DOTTED }],
    ['a small x at the number’s end', { name: '张三', id_no: ONE.toLowerCase() }],
    ['a frozen account', { name: '周八', id_no: FROZEN }],
    ['an unconfirmed number beside', { name: '孙七', id_no: MIXED }],
  ])('%s: the centre is entered without a password', async (_, form) => {
    const before = counted('entered');
    const arrived = await visit(form);
    expect([arrived.status, pathOf(arrived)]).toEqual([200, '/center']);
    expect((await home(arrived.browser)).text).toContain(form.name.slice(0, 4));
    expect(counted('entered')).toBe(before + 1);
  });

  it('every step leads on by a GET, is kept by nobody, and has nothing personal in its address', async () => {
    const { way } = await visit(zhangSan);
    const ours = way.filter(({ address: at }) => at.startsWith(address) && !at.endsWith('/center'));
    expect(ours.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual([[303, 'no-store']]);
    for (const { address: at } of way) expect(decodeURIComponent(at)).not.toMatch(/张三|1199001990/);
  });

  it('it is recorded as a sign-in of the candidate’s own', async () => {
    await visit(zhangSan);
    const event = (await centre.get(EventStore).subject(id)).findLast(({ type }) => type === 'SignedIn');
    expect(event?.metadata).toMatchObject({ by: id, origin: 'person' });
  });

  it('leads to the page that was asked for', async () => {
    expect(pathOf(await visit(zhangSan, undefined, `?${new URLSearchParams({ to: '/center/results?tab=passed' })}`))).toBe('/center/results?tab=passed');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/center/../../evil', 'javascript:alert(1)', '/login/bjt'])(
    'never leads elsewhere: %s',
    async (to) => {
      expect(pathOf(await visit(zhangSan, undefined, `?${new URLSearchParams({ to })}`))).toBe('/center');
    },
  );

  it('after signing out nothing signs in again by itself', async () => {
    const { browser } = await visit(zhangSan);
    const left = await browser.post(`${address}/logout`, {});
    expect(pathOf(left)).toBe('/login');
    expect(left.text).toContain('北京通免密登录');
    expect(pathOf(await browser.get(`${address}/center`))).toBe('/login');
  });

  it('the same person keeps the session, another gets one of their own', async () => {
    const { browser } = await visit(zhangSan);
    const session = browser.cookie(address, 'session');
    const again = await visit({ ...zhangSan, level: '2' }, browser);
    expect([pathOf(again), browser.cookie(address, 'session')]).toEqual(['/center', session]);
    const other = await visit({ name: '周八', id_no: FROZEN }, browser);
    expect(pathOf(other)).toBe('/center');
    const former = new SsoBrowser();
    former.setCookie(address, 'session', session ?? '');
    expect(pathOf(await home(former))).toContain('/login');
  });

  it('a session that somebody else has planted is not taken over', async () => {
    const attacker = await visit({ name: '周八', id_no: FROZEN });
    const planted = attacker.browser.cookie(address, 'session') ?? '';
    const victim = new SsoBrowser();
    victim.setCookie(address, 'session', planted);
    await visit(zhangSan, victim);
    expect(victim.cookie(address, 'session')).not.toBe(planted);
    expect((await home(victim)).text).toContain('张三');
    expect((await home(attacker.browser)).text).not.toContain('张三');
  });
});

describe('turned back to the password page', () => {
  it.each([
    ['at L1', { ...zhangSan, level: '1' }, 'level', '没有达到 L3'],
    ['at L2', { ...zhangSan, level: '2' }, 'level', '没有达到 L3'],
    ['a stranger', { name: '钱九', id_no: STRANGER }, 'unregistered', 'zikao.bjeea.cn'],
    ['by another name', { ...zhangSan, writing: 'other name' }, 'name', '姓名不一致'],
    ['before confirmation on site', { name: '王五', id_no: UNCONFIRMED }, 'unconfirmed', '现场确认'],
    ['with a closed account', { name: '赵六', id_no: CLOSED }, 'closed', '已经注销'],
    ['who did not agree', { ...zhangSan, do: 'deny' }, 'denied', '没有同意'],
    ['when the platform fails', { ...zhangSan, do: 'error' }, 'unavailable', '暂时没有回应'],
    ['when the platform is slow', { ...zhangSan, do: 'slow' }, 'unavailable', '暂时没有回应'],
    ['when the platform answers nonsense', { ...zhangSan, do: 'nonsense' }, 'nonsense', '信息有误'],
  ])('%s: says why, keeps the address asked for, and lets nobody in', async (_, form, why, words) => {
    const arrived = await visit(form, undefined, '?to=%2Fcenter%2Fresults');
    expect([arrived.status, pathOf(arrived)]).toEqual([200, `/login?bjt=${why}&to=%2Fcenter%2Fresults`]);
    expect(arrived.text).toContain(words);
    expect(arrived.body).toContain('name="to" value="/center/results"');
    expect(arrived.browser.cookie(address, 'session')).toBeUndefined();
    const signedIn = await arrived.browser.post(`${address}/login`, { account: '119912345601', password: 'correct horse', to: '/center/results' });
    expect(pathOf(signedIn)).toBe('/center/results');
  });

  it('whoever is turned back ends the session that another has left there', async () => {
    const { browser } = await visit(zhangSan);
    expect(pathOf(await visit({ name: '钱九', id_no: STRANGER }, browser))).toBe('/login?bjt=unregistered');
    expect(pathOf(await home(browser))).toContain('/login');
  });

  it('words of another’s making are not said', async () => {
    const page = await new SsoBrowser().get(`${address}/login?bjt=<script>alert(1)</script>`);
    expect([page.status, page.body.includes('role="alert"')]).toEqual([200, false]);
  });
});

describe('of several admission numbers', () => {
  it('one is chosen, and the choice is over then', async () => {
    const arrived = await visit({ name: '李四', id_no: TWO }, undefined, '?to=%2Fcenter%2Faccount');
    const { browser } = arrived;
    expect(pathOf(arrived)).toBe('/login/bjt/choice?to=%2Fcenter%2Faccount');
    expect(browser.cookie(address, 'session')).toBeUndefined();
    expect((await browser.get(arrived.address)).text).toContain('119912345603');
    const [, choice = ''] = [...arrived.body.matchAll(/name="choice" value="([^"]+)"/g)].map(([, value]) => value);
    const foreign = await new SsoBrowser().post(`${address}/login/bjt/choice`, { choice });
    expect(pathOf(foreign)).toBe('/login?bjt=stale');
    const cookie = browser.cookie(address, 'bjt') ?? '';
    const entered = await browser.post(`${address}/login/bjt/choice`, { choice, to: '/center/account' });
    expect(pathOf(entered)).toBe('/center/account');
    expect(entered.text).toContain('119912345603');
    await browser.post(`${address}/logout`, {});
    browser.setCookie(address, 'bjt', cookie, '/login/bjt');
    expect(pathOf(await browser.post(`${address}/login/bjt/choice`, { choice }))).toBe('/login?bjt=stale');
    expect(pathOf(await browser.get(`${address}/login/bjt/choice`))).toBe('/login?bjt=stale');
  });

  it('only of those that were offered', async () => {
    const arrived = await visit({ name: '李四', id_no: TWO });
    const elsewhere = await centre.ask('/login', { form: { account: TWO, password: 'correct horse' } });
    expect(elsewhere.$('button[name=choice]')).toHaveLength(2);
    const session = (await centre.signIn('119912345601')).replace('session=', '');
    for (const choice of ['', 'x', session]) {
      expect(pathOf(await arrived.browser.post(`${address}/login/bjt/choice`, { choice }))).toBe('/login?bjt=stale');
    }
  });
});

describe('a callback that is not the end of this browser’s visit', () => {
  const refused = async (browser: SsoBrowser, callback: string) => {
    const before = counted('stale');
    const arrived = await browser.get(callback);
    expect([arrived.status, pathOf(arrived)]).toEqual([200, '/login?bjt=stale']);
    expect(arrived.text).toContain('已经失效');
    expect(browser.cookie(address, 'session')).toBeUndefined();
    expect(counted('stale')).toBe(before + 1);
  };

  it('a second time, also with the cookie kept', async () => {
    const browser = new SsoBrowser();
    const callback = await backFrom(zhangSan, browser);
    const cookie = browser.cookie(address, 'bjt') ?? '';
    expect(pathOf(await browser.get(callback))).toBe('/center');
    const copied = new SsoBrowser();
    copied.setCookie(address, 'bjt', cookie, '/login/bjt');
    await refused(copied, callback);
    await refused(new SsoBrowser(), callback);
  });

  it('in another browser that has begun a visit too', async () => {
    const browser = new SsoBrowser();
    await browser.step(`${address}/login/bjt`);
    await refused(browser, await backFrom(zhangSan, new SsoBrowser()));
  });

  it('with its own state and the code of another browser', async () => {
    const browser = new SsoBrowser();
    const own = new URL(await backFrom(zhangSan, browser));
    const others = new URL(await backFrom({ name: '周八', id_no: FROZEN }, new SsoBrowser()));
    own.searchParams.set('code', others.searchParams.get('code') ?? '');
    await refused(browser, own.href);
  });

  it('with two states', async () => {
    const browser = new SsoBrowser();
    const callback = await backFrom(zhangSan, browser);
    await refused(browser, `${callback}&state=x`);
  });

  it('without a visit, or anything at all', async () => {
    await refused(new SsoBrowser(), `${address}/login/bjt/callback`);
    await refused(new SsoBrowser(), `${address}/login/bjt/callback?code=x&state=y&iss=z`);
    await refused(new SsoBrowser(), `${address}/login/bjt/callback?error=access_denied`);
  });

  it.each(['', 'x', 'x'.repeat(5_000), Buffer.alloc(200, 7).toString('base64url')])('with a cookie that is not ours: %#', async (cookie) => {
    const browser = new SsoBrowser();
    const callback = await backFrom(zhangSan, browser);
    browser.setCookie(address, 'bjt', cookie, '/login/bjt');
    await refused(browser, callback);
  });

  it('with one bit of the cookie changed', async () => {
    const browser = new SsoBrowser();
    const callback = await backFrom(zhangSan, browser);
    const bytes = Buffer.from(browser.cookie(address, 'bjt') ?? '', 'base64url');
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    browser.setCookie(address, 'bjt', bytes.toString('base64url'), '/login/bjt');
    await refused(browser, callback);
  });

  it('after ten minutes', async () => {
    const browser = new SsoBrowser();
    const callback = await backFrom(zhangSan, browser);
    const began = centre.clock.time;
    centre.clock.time = new Date(began.getTime() + 600_000);
    try {
      await refused(browser, callback);
    } finally {
      centre.clock.time = began;
    }
  });

  it('what is kept until then tells nothing, and goes to these addresses alone', async () => {
    const { headers } = await new SsoBrowser().step(`${address}/login/bjt?to=%2Fcenter%2Fresults`);
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie.split('; ').slice(1)).toEqual(expect.arrayContaining(['Max-Age=600', 'Path=/login/bjt', 'HttpOnly', 'SameSite=Lax']));
    const state = new URL(String(headers.get('location'))).searchParams.get('state') ?? 'none';
    const kept = Buffer.from(cookie.split(';')[0]?.slice(4) ?? '', 'base64url').toString('latin1');
    for (const secret of [state, 'center', 'verifier']) expect(kept).not.toContain(secret);
  });
});

it('the sandbox keeps what it is known by for its owner alone, and is known again', async () => {
  const other = mkdtempSync(join(tmpdir(), 'bjt-'));
  const first = await Sandbox.start({ folder: other });
  await first.close();
  expect(statSync(join(other, 'kept.json')).mode & 0o777).toBe(0o600);
  const second = await Sandbox.start({ folder: other });
  expect(second.settings).toEqual(first.settings);
  await second.close();
  rmSync(other, { recursive: true });
});

it('where 北京通 is not set it is not offered, and its address leads to the password page', async () => {
  const without = await TestCentre.open();
  const page = await without.ask('/login');
  expect(page.text).not.toContain('北京通免密登录');
  const answer = await without.ask('/login/bjt?to=%2Fcenter%2Fresults');
  expect([answer.status, answer.headers.location]).toEqual([303, '/login?bjt=unset&to=%2Fcenter%2Fresults']);
  expect((await without.ask(String(answer.headers.location))).text).toContain('还没有开通');
  await without.close();
});

it('a platform that is not there is asked again when it is', async () => {
  const other = mkdtempSync(join(tmpdir(), 'bjt-'));
  const first = await Sandbox.start({ folder: other });
  await first.close();
  const early = await TestCentre.open(new Date().toISOString(), { ...first.settings });
  expect((await early.ask('/login/bjt')).headers.location).toBe('/login?bjt=unavailable');
  const second = await Sandbox.start({ folder: other });
  const answer = await early.ask('/login/bjt');
  expect(String(answer.headers.location)).toContain(`${second.settings.BJT_ISSUER}/auth?`);
  await early.close();
  await second.close();
  rmSync(other, { recursive: true });
});
