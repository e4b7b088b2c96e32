import { describe, expect, it } from '@jest/globals';
import { SsoBrowser } from './sso-browser.js';
import { liSi, SsoCentre, zhangSan } from './sso-centre.js';

const at = SsoCentre.forTests();

describe('北京通 in several tabs of one browser', () => {
  it.each([
    ['in the order in which they were begun', [0, 1, 2]],
    ['in any other order', [2, 0, 1]],
  ])('leads each of them in, %s', async (_, order) => {
    const browser = new SsoBrowser();
    const tabs = [await at.backFrom(zhangSan, browser), await at.backFrom(zhangSan, browser), await at.backFrom(zhangSan, browser)];
    for (const tab of order) expect(at.pathOf(await browser.get(String(tabs[tab])))).toBe('/center');
  });

  it('is not ended by a tab that comes back with what is not its own, and not by one in which the person did not agree', async () => {
    const browser = new SsoBrowser();
    const one = await at.backFrom(zhangSan, browser);
    const other = await at.backFrom({ ...zhangSan, do: 'deny' }, browser);
    expect(at.pathOf(await browser.get(`${at.address}/login/bjt/callback?code=x&state=y`))).toBe('/login?bjt=stale');
    expect(at.pathOf(await browser.get(other))).toBe('/login?bjt=denied');
    expect(at.pathOf(await browser.get(one))).toBe('/center');
  });

  it('is not ended by a choice of numbers that waits in another tab', async () => {
    const browser = new SsoBrowser();
    const one = await at.backFrom(liSi, browser);
    const other = await at.backFrom(liSi, browser);
    for (const tab of [one, other]) expect(at.pathOf(await browser.get(tab))).toBe('/login/bjt/choice');
  });

  it.each([
    ['the password', '/login/choice', '/login/bjt/choice'],
    ['北京通', '/login/bjt/choice', '/login/choice'],
  ])('is chosen from after %s first, and the tab of the other way is led on', async (_, first, second) => {
    const browser = new SsoBrowser();
    const typed = await browser.post(`${at.address}/login`, { account: liSi.id_no, password: 'correct horse' });
    const [, choice = ''] = /name="choice" value="([^"]+)"/.exec(typed.body) ?? [];
    expect(at.pathOf(await browser.get(await at.backFrom(liSi, browser)))).toBe('/login/bjt/choice');
    for (const address of [first, second]) expect(at.pathOf(await browser.post(`${at.address}${address}`, { choice }))).toBe('/center');
  });

  it('keeps four visits and no more, the newest, and makes the browser forget the others', async () => {
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

it('A request of HEAD for the way back from 北京通 spends no code: the visit is ended by the GET that follows', async () => {
  const browser = new SsoBrowser();
  const callback = await at.backFrom(zhangSan, browser);
  const looked = await browser.step(callback, 'HEAD');
  expect([looked.status, looked.headers.getSetCookie()]).toEqual([303, []]);
  expect(browser.cookie(at.address, 'session')).toBeUndefined();
  expect(at.pathOf(await browser.get(callback))).toBe('/center');
});
