import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signIns } from '../../../projections/sign-ins.js';
import type { Device } from '../../../src/identity/identity.events.js';
import { deviceName } from '../../../src/identity/sign-in/user-agent.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { cookiesOf, TestCentre } from '../../centre.js';
import { projected } from '../../projections/projected.js';

const WECHAT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const HARMONY = 'Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 HuaweiBrowser/5.0';

let centre: TestCentre;
let numbers = 119_966_000_000;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // events are recorded by the machine's own clock
});
afterAll(() => centre.close());

async function enter(account: string, agent: string): Promise<string> {
  const answer = await centre.ask('/login', { form: { account, password: 'correct horse' }, headers: { 'user-agent': agent } });
  expect(answer.status).toBe(303);
  await centre.settled();
  return cookiesOf(answer);
}
async function someone(): Promise<string> {
  const account = String(++numbers);
  await centre.candidate(account, { name: '李四' });
  return account;
}
const page = (cookie: string) => centre.ask('/center/account', { cookie });
const end = (cookie: string, session: string) => centre.ask('/center/account/sessions', { cookie, form: { session } });

/** Asks until what is recorded beside the answer has come round; a test that waits in vain runs out of time. */
async function becomes<T>(expected: T, ask: () => Promise<T>): Promise<void> {
  while ((await ask()) !== expected) await new Promise(setImmediate);
}

describe('A user agent', () => {
  it.each([
    [WECHAT, '苹果手机 · 微信'],
    [CHROME, 'Windows 电脑 · Chrome'],
    [HARMONY, '鸿蒙设备 · 华为浏览器'],
    ['Mozilla/5.0 (Linux; Android 14; V2324) Mobile Safari/537.36 MicroMessenger/8.0 miniProgram/wx1', '安卓手机 · 微信小程序'],
    ['curl/8.0', '未知设备'],
    ['', '未知设备'],
  ])('The user agent %j is shown as %s', (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});

describe('The sessions of an account', () => {
  it('The sessions of an account are listed with device, time and way, this one marked and first', async () => {
    const account = await someone();
    const mine = await enter(account, WECHAT);
    await enter(account, CHROME);
    const shown = await page(mine);
    const rows = shown.$('#sessions li').toArray();
    expect(rows.map((row) => shown.$(row).find('b').text())).toEqual(['苹果手机 · 微信（这台设备）', 'Windows 电脑 · Chrome']);
    expect(shown.$(rows[1]).find('p').text()).toMatch(/^\d+年\d+月\d+日 \d\d:\d\d · 密码 · 127\.0\.0\.1$/);
    expect(shown.$(rows[0]).find('button')).toHaveLength(0);
  });

  it('The sessions of an account end one by one, and their cookies with them', async () => {
    const account = await someone();
    const [mine, other, third] = [await enter(account, WECHAT), await enter(account, CHROME), await enter(account, HARMONY)];
    const shown = await page(mine);
    const session = shown
      .$('#sessions li')
      .filter((_, row) => shown.$(row).text().includes('Windows'))
      .find('button')
      .attr('value');
    expect((await end(mine, String(session))).headers.location).toBe('/center/account?ended=one');
    await becomes(303, async () => (await page(other)).status);
    expect([(await page(mine)).status, (await page(third)).status]).toEqual([200, 200]);
    expect((await page(mine)).text).not.toContain('（这台设备）Windows');
  });

  it('The sessions of an account end all but this one', async () => {
    const account = await someone();
    const [mine, other, third] = [await enter(account, WECHAT), await enter(account, CHROME), await enter(account, HARMONY)];
    await end(mine, 'others');
    await becomes(303, async () => (await page(other)).status);
    await becomes(303, async () => (await page(third)).status);
    await centre.settled();
    const shown = await page(mine);
    expect([shown.status, shown.$('#sessions li').length]).toEqual([200, 1]);
  });

  it('The sessions of an account are not ended by others, who know their id', async () => {
    const [account, stranger] = [await someone(), await someone()];
    const mine = await enter(account, WECHAT);
    await enter(account, CHROME);
    const shown = await page(mine);
    const theirs = await enter(stranger, CHROME);
    await end(theirs, String(shown.$('#sessions button').attr('value')));
    await centre.settled();
    expect((await page(mine)).$('#sessions li')).toHaveLength(2);
  });

  it.each(['', 'nonsense', '00000000-0000-4000-8000-000000000000'])('The sessions of an account do not end by %j', async (session) => {
    const account = await someone();
    const mine = await enter(account, WECHAT);
    const { status, headers } = await end(mine, session);
    expect([status, headers.location]).toEqual([303, '/center/account']);
    expect((await page(mine)).status).toBe(200);
  });
});

describe('Ended sessions', () => {
  it('Ended sessions are said to have ended, in green, with the way to a new password', async () => {
    const account = await someone();
    const [mine] = [await enter(account, WECHAT), await enter(account, CHROME)];
    await centre.settled();
    const { headers } = await end(mine, 'others');
    const { $ } = await centre.ask(String(headers.location), { cookie: mine });
    expect($('.alert.good[role=status]').text()).toContain('其他设备上的登录都已退出。');
    expect($('.alert.good a').attr('href')).toBe('/center/account/password');
  });
});

describe('Earlier sign-ins', () => {
  it('The page of sessions shows earlier sign-ins, and failures by day', async () => {
    const account = await someone();
    for (const password of ['wrong', 'wrong again']) await centre.ask('/login', { form: { account, password }, headers: { 'user-agent': CHROME } });
    const mine = await enter(account, WECHAT);
    await becomes(true, async () => {
      await centre.settled();
      return (await page(mine)).text.includes('密码不对的登录');
    });
    const { text } = await page(mine);
    expect(text).toContain('日 2 次');
    expect(text).toContain('Windows 电脑 · Chrome');
  });

  it('Of earlier sign-ins the last 20 are kept', async () => {
    const device = 'sealed' as Sealed<Device>;
    const events = Array.from({ length: 60 }, (_, at) => ({
      type: 'SignedIn' as const,
      subject: 'zhang',
      recordedAt: '2026-11-22T02:00:00.000Z',
      data: { candidateId: 'zhang', session: `s${at}`, device },
    }));
    const { zhang } = (await projected(signIns, events)) as { zhang: { open: unknown[]; latest: { session: string; way: string }[] } };
    expect([zhang.open.length, zhang.latest.length, zhang.latest[0]]).toEqual([
      50,
      20,
      { session: 's59', way: 'password', at: '2026-11-22T02:00:00.000Z', device },
    ]);
  });
});
