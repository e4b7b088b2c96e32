import { describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { SsoBrowser } from './sso-browser.js';
import { ACCOUNT, ayguli, closed, frozen, liSi, mixed, SsoCentre, unconfirmed, zhangSan } from './sso-centre.js';

const at = SsoCentre.forTests();
const stranger = { name: '钱九', id_no: '119900199001010029' };

describe('北京通 with L3 or above, and the name and number of a registration,', () => {
  it.each([
    ['L3', zhangSan],
    ['L4', { ...zhangSan, level: '4' }],
    ['spaces in the name', { ...zhangSan, writing: 'spaced' }],
    ['another dot in the name', { ...ayguli, writing: 'other dot' }],
    ['no dot in the name', { ...ayguli, name: '阿依古丽买买提' }],
    ['a small x at the number’s end', { ...zhangSan, id_no: zhangSan.id_no.toLowerCase() }],
    ['a frozen account', frozen],
    ['an unconfirmed number beside', mixed],
  ])('北京通 with L3 or above signs in without a password with %s', async (_, form) => {
    const before = at.counted('entered');
    const arrived = await at.visit(form);
    expect([arrived.status, at.pathOf(arrived)]).toEqual([200, '/center']);
    expect((await at.home(arrived.browser)).text).toContain(form.name.slice(0, 4));
    expect(at.counted('entered')).toBe(before + 1);
  });

  it('北京通 with L3 or above uses a GET for every step, which is not cached and has nothing personal in its address', async () => {
    const { way } = await at.visit(zhangSan);
    const ours = way.filter((step) => step.address.startsWith(at.address) && !step.address.endsWith('/center'));
    expect(ours.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual([[303, 'no-store']]);
    for (const step of way) expect(decodeURIComponent(step.address)).not.toMatch(/张三|1199001990/);
  });

  it('北京通 with L3 or above is recorded as a sign-in of the candidate', async () => {
    await at.visit(zhangSan);
    const event = (await at.centre.get(EventStore).subject(at.id)).findLast(({ type }) => type === 'SignedIn');
    expect(event?.metadata).toMatchObject({ by: at.id, origin: 'person' });
  });

  it('北京通 with L3 or above leads to the requested page', async () => {
    expect(at.pathOf(await at.visit(zhangSan, undefined, `?${new URLSearchParams({ to: '/center/results?tab=passed' })}`))).toBe('/center/results?tab=passed');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/center/../../evil', 'javascript:alert(1)', '/login/bjt'])(
    '北京通 with L3 or above never leads to another site: %s',
    async (to) => {
      expect(at.pathOf(await at.visit(zhangSan, undefined, `?${new URLSearchParams({ to })}`))).toBe('/center');
    },
  );

  it('北京通 with L3 or above does not sign in again by itself after signing out', async () => {
    const { browser } = await at.visit(zhangSan);
    const left = await browser.post(`${at.address}/logout`, {});
    expect(at.pathOf(left)).toBe('/login?out=1');
    expect(left.text).toContain('北京通免密登录');
    expect(at.pathOf(await browser.get(`${at.address}/center`))).toBe('/login');
  });

  it('北京通 with L3 or above keeps the session of the same person, and begins one for another person', async () => {
    const { browser } = await at.visit(zhangSan);
    const session = browser.cookie(at.address, 'session');
    const again = await at.visit({ ...zhangSan, level: '2' }, browser);
    expect([at.pathOf(again), browser.cookie(at.address, 'session')]).toEqual(['/center', session]);
    const other = await at.visit(frozen, browser);
    expect(at.pathOf(other)).toBe('/center');
    const former = new SsoBrowser();
    former.setCookie(at.address, 'session', session ?? '');
    expect(at.pathOf(await at.home(former))).toContain('/login');
  });

  it('北京通 with L3 or above does not take over a session that somebody else has planted', async () => {
    const attacker = await at.visit(frozen);
    const planted = attacker.browser.cookie(at.address, 'session') ?? '';
    const victim = new SsoBrowser();
    victim.setCookie(at.address, 'session', planted);
    await at.visit(zhangSan, victim);
    expect(victim.cookie(at.address, 'session')).not.toBe(planted);
    expect((await at.home(victim)).text).toContain('张三');
    expect((await at.home(attacker.browser)).text).not.toContain('张三');
  });
});

describe('A visit to 北京通 that is turned back', () => {
  it.each([
    ['at L1', { ...zhangSan, level: '1' }, 'level', '没有达到 L3'],
    ['at L2', { ...zhangSan, level: '2' }, 'level', '没有达到 L3'],
    ['a stranger', stranger, 'unregistered', 'zikao.bjeea.cn'],
    ['by another name', { ...zhangSan, writing: 'other name' }, 'name', '姓名不一致'],
    ['before confirmation on site', unconfirmed, 'unconfirmed', '现场确认'],
    ['with a closed account', closed, 'closed', '已经注销'],
    ['who did not agree', { ...zhangSan, do: 'deny' }, 'denied', '没有同意'],
    ['when the platform fails', { ...zhangSan, do: 'error' }, 'unavailable', '暂时没有回应'],
    ['when the platform is slow', { ...zhangSan, do: 'slow' }, 'unavailable', '暂时没有回应'],
    ['when the platform answers nonsense', { ...zhangSan, do: 'nonsense' }, 'nonsense', '信息有误'],
  ])(
    'A visit to 北京通 that is turned back (%s) leads to the password page with the reason and the requested address, and without a session',
    async (_, form, why, words) => {
      const arrived = await at.visit(form, undefined, '?to=%2Fcenter%2Fresults');
      expect([arrived.status, at.pathOf(arrived)]).toEqual([200, `/login?bjt=${why}&to=%2Fcenter%2Fresults`]);
      expect(arrived.text).toContain(words);
      expect(arrived.body).toContain('name="to" value="/center/results"');
      expect(arrived.browser.cookie(at.address, 'session')).toBeUndefined();
      const signedIn = await arrived.browser.post(`${at.address}/login`, { account: ACCOUNT, password: 'correct horse', to: '/center/results' });
      expect(at.pathOf(signedIn)).toBe('/center/results');
    },
  );

  it('A visit to 北京通 that is turned back ends a session that another person has left in the browser', async () => {
    const { browser } = await at.visit(zhangSan);
    expect(at.pathOf(await at.visit(stranger, browser))).toBe('/login?bjt=unregistered');
    expect(at.pathOf(await at.home(browser))).toContain('/login');
  });

  it('A visit to 北京通 that is turned back shows no text from the address', async () => {
    const page = await new SsoBrowser().get(`${at.address}/login?bjt=<script>alert(1)</script>`);
    expect([page.status, page.body.includes('role="alert"')]).toEqual([200, false]);
  });
});

describe('A visit to 北京通 with several admission numbers', () => {
  it('A visit to 北京通 with several admission numbers offers a choice, which is valid once', async () => {
    const arrived = await at.visit(liSi, undefined, '?to=%2Fcenter%2Faccount');
    const { browser } = arrived;
    expect(at.pathOf(arrived)).toBe('/login/bjt/choice?to=%2Fcenter%2Faccount');
    expect(browser.cookie(at.address, 'session')).toBeUndefined();
    expect((await browser.get(arrived.address)).text).toContain('119912345603');
    const [, choice = ''] = [...arrived.body.matchAll(/name="choice" value="([^"]+)"/g)].map(([, value]) => value);
    const foreign = await new SsoBrowser().post(`${at.address}/login/bjt/choice`, { choice });
    expect(at.pathOf(foreign)).toBe('/login?bjt=stale');
    const cookie = browser.cookie(at.address, 'choice-bjt') ?? '';
    const entered = await browser.post(`${at.address}/login/bjt/choice`, { choice, to: '/center/account' });
    expect(at.pathOf(entered)).toBe('/center/account');
    expect(entered.text).toContain('119912345603');
    await browser.post(`${at.address}/logout`, {});
    browser.setCookie(at.address, 'choice-bjt', cookie, '/login');
    expect(at.pathOf(await browser.post(`${at.address}/login/bjt/choice`, { choice }))).toBe('/login?bjt=stale');
    expect(at.pathOf(await browser.get(`${at.address}/login/bjt/choice`))).toBe('/login?bjt=stale');
  });

  it('A visit to 北京通 with several admission numbers accepts only offered numbers', async () => {
    const arrived = await at.visit(liSi);
    const elsewhere = await at.centre.ask('/login', { form: { account: liSi.id_no, password: 'correct horse' } });
    expect(elsewhere.$('button[name=choice]')).toHaveLength(2);
    const foreign = await at.centre.idOf(ACCOUNT);
    for (const choice of ['', 'x', foreign]) {
      expect(at.pathOf(await arrived.browser.post(`${at.address}/login/bjt/choice`, { choice }))).toBe('/login?bjt=stale');
    }
  });
});
