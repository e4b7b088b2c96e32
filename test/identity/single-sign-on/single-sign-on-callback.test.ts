import { describe, expect, it } from '@jest/globals';
import { SsoBrowser } from './sso-browser.js';
import { frozen, SsoCentre, zhangSan } from './sso-centre.js';

const at = SsoCentre.forTests();

describe('A callback of 北京通 is refused', () => {
  const refused = async (browser: SsoBrowser, callback: string) => {
    const before = at.counted('stale');
    const arrived = await browser.get(callback);
    expect([arrived.status, at.pathOf(arrived)]).toEqual([200, '/login?bjt=stale']);
    expect(arrived.text).toContain('已经失效');
    expect(browser.cookie(at.address, 'session')).toBeUndefined();
    expect(at.counted('stale')).toBe(before + 1);
  };

  it('A callback of 北京通 is refused a second time, also with the cookie kept', async () => {
    const browser = new SsoBrowser();
    const callback = await at.backFrom(zhangSan, browser);
    const [name, cookie] = browser.visit(at.address);
    expect(at.pathOf(await browser.get(callback))).toBe('/center');
    const copied = new SsoBrowser();
    copied.setCookie(at.address, name, cookie, '/login');
    await refused(copied, callback);
    await refused(new SsoBrowser(), callback);
  });

  it('A callback of 北京通 is refused in another browser that has begun a visit too', async () => {
    const browser = new SsoBrowser();
    await browser.step(`${at.address}/login/bjt`);
    await refused(browser, await at.backFrom(zhangSan, new SsoBrowser()));
  });

  it('A callback of 北京通 is refused with its own state and the code of another browser', async () => {
    const browser = new SsoBrowser();
    const own = new URL(await at.backFrom(zhangSan, browser));
    const others = new URL(await at.backFrom(frozen, new SsoBrowser()));
    own.searchParams.set('code', others.searchParams.get('code') ?? '');
    await refused(browser, own.href);
  });

  it('A callback of 北京通 is refused with two states', async () => {
    const browser = new SsoBrowser();
    const callback = await at.backFrom(zhangSan, browser);
    await refused(browser, `${callback}&state=x`);
  });

  it('A callback of 北京通 is refused without a visit, or without any parameters', async () => {
    await refused(new SsoBrowser(), `${at.address}/login/bjt/callback`);
    await refused(new SsoBrowser(), `${at.address}/login/bjt/callback?code=x&state=y&iss=z`);
    await refused(new SsoBrowser(), `${at.address}/login/bjt/callback?error=access_denied`);
  });

  it.each(['', 'x', 'x'.repeat(5_000), Buffer.alloc(200, 7).toString('base64url')])(
    'A callback of 北京通 is refused with a foreign cookie: %#',
    async (cookie) => {
      const browser = new SsoBrowser();
      const callback = await at.backFrom(zhangSan, browser);
      browser.setCookie(at.address, browser.visit(at.address)[0], cookie, '/login');
      await refused(browser, callback);
    },
  );

  it('A callback of 北京通 is refused with one bit of the cookie changed', async () => {
    const browser = new SsoBrowser();
    const callback = await at.backFrom(zhangSan, browser);
    const [name, value] = browser.visit(at.address);
    const bytes = Buffer.from(value, 'base64url');
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    browser.setCookie(at.address, name, bytes.toString('base64url'), '/login');
    await refused(browser, callback);
  });

  it('A callback of 北京通 is refused with the cookie of another visit under its name', async () => {
    const browser = new SsoBrowser();
    const callback = await at.backFrom(zhangSan, browser);
    const [name] = browser.visit(at.address);
    const other = new SsoBrowser();
    await at.backFrom(zhangSan, other);
    browser.setCookie(at.address, name, other.visit(at.address)[1], '/login');
    await refused(browser, callback);
  });

  it('A callback of 北京通 is refused after ten minutes', async () => {
    const browser = new SsoBrowser();
    const callback = await at.backFrom(zhangSan, browser);
    const began = at.centre.clock.time;
    at.centre.clock.time = new Date(began.getTime() + 600_000);
    try {
      await refused(browser, callback);
    } finally {
      at.centre.clock.time = began;
    }
  });

  it('The cookie of a visit to 北京通 reveals nothing and is sent to the login addresses only', async () => {
    const { headers } = await new SsoBrowser().step(`${at.address}/login/bjt?to=%2Fcenter%2Fresults`);
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie.split('; ').slice(1)).toEqual(expect.arrayContaining(['Max-Age=600', 'Path=/login', 'HttpOnly', 'SameSite=Lax']));
    const state = new URL(String(headers.get('location'))).searchParams.get('state') ?? 'none';
    const kept = Buffer.from(cookie.split(';')[0]?.split('=')[1] ?? '', 'base64url').toString('latin1');
    for (const secret of [state, 'center', 'verifier']) expect(kept).not.toContain(secret);
  });
});
