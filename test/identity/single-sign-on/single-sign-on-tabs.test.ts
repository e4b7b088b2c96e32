import { describe, expect, it } from '@jest/globals';
import { SsoBrowser } from './sso-browser.js';
import { liSi, SsoCentre, zhangSan } from './sso-centre.js';

const at = SsoCentre.forTests();

describe('北京通 in several tabs of one browser', () => {
  it.each([
    ['in the order in which they were begun', [0, 1, 2]],
    ['in any other order', [2, 0, 1]],
  ])('北京通 in several tabs of one browser signs in in each of them, %s', async (_, order) => {
    const browser = new SsoBrowser();
    const tabs = [await at.backFrom(zhangSan, browser), await at.backFrom(zhangSan, browser), await at.backFrom(zhangSan, browser)];
    for (const tab of order) expect(at.pathOf(await browser.get(String(tabs[tab])))).toBe('/center');
  });

  it('北京通 in several tabs of one browser is not ended by a tab with a foreign callback, nor by one in which the person did not agree', async () => {
    const browser = new SsoBrowser();
    const one = await at.backFrom(zhangSan, browser);
    const other = await at.backFrom({ ...zhangSan, do: 'deny' }, browser);
    expect(at.pathOf(await browser.get(`${at.address}/login/bjt/callback?code=x&state=y`))).toBe('/login?bjt=stale');
    expect(at.pathOf(await browser.get(other))).toBe('/login?bjt=denied');
    expect(at.pathOf(await browser.get(one))).toBe('/center');
  });

  it('北京通 in several tabs of one browser is not ended by an open choice of numbers in another tab', async () => {
    const browser = new SsoBrowser();
    const one = await at.backFrom(liSi, browser);
    const other = await at.backFrom(liSi, browser);
    for (const tab of [one, other]) expect(at.pathOf(await browser.get(tab))).toBe('/login/bjt/choice');
  });

  it.each([
    ['the password', '/login/choice', '/login/bjt/choice'],
    ['北京通', '/login/bjt/choice', '/login/choice'],
  ])('北京通 in several tabs of one browser accepts a choice after %s first, and the other tab is then signed in too', async (_, first, second) => {
    const browser = new SsoBrowser();
    const typed = await browser.post(`${at.address}/login`, { account: liSi.id_no, password: 'correct horse' });
    const [, choice = ''] = /name="choice" value="([^"]+)"/.exec(typed.body) ?? [];
    expect(at.pathOf(await browser.get(await at.backFrom(liSi, browser)))).toBe('/login/bjt/choice');
    for (const address of [first, second]) expect(at.pathOf(await browser.post(`${at.address}${address}`, { choice }))).toBe('/center');
  });

  it('北京通 in several tabs of one browser keeps only the four newest visits and deletes the cookies of the others', async () => {
    const browser = new SsoBrowser();
    const tabs: string[] = [];
    for (let tab = 0; tab < 6; tab++) {
      tabs.push(await at.backFrom(zhangSan, browser));
      at.centre.clock.time = new Date(at.centre.clock.time.getTime() + 1_000);
    }
    expect(at.pathOf(await browser.get(String(tabs[0])))).toBe('/login?bjt=stale');
    expect(at.pathOf(await browser.get(String(tabs[1])))).toBe('/login?bjt=stale');
    for (const tab of tabs.slice(2)) expect(at.pathOf(await browser.get(tab))).toBe('/center');
  });
});

it('A HEAD request for the callback of 北京通 uses no code, and the following GET ends the visit', async () => {
  const browser = new SsoBrowser();
  const callback = await at.backFrom(zhangSan, browser);
  const looked = await browser.step(callback, 'HEAD');
  expect([looked.status, looked.headers.getSetCookie()]).toEqual([303, []]);
  expect(browser.cookie(at.address, 'session')).toBeUndefined();
  expect(at.pathOf(await browser.get(callback))).toBe('/center');
});
