import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { shown } from '../../web/shown.js';

const ACCOUNT = '119912345641';
const UNCONFIRMED = '119912345642';
const site = { SITE_OWNER: '示范<考>试院', SITE_ICP: '示ICP备00000000号', SITE_POLICE: '示公网安备 00000000000000号', SITE_CODE: '0000000000' };

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { ...site, SESSION_IDLE: '90 min' });
  await centre.candidate(ACCOUNT, { name: '李<b>小</b>明' });
  await centre.candidate(UNCONFIRMED, { confirmed: 'N' });
});
afterAll(() => centre.close());

describe('The address `/`', () => {
  it('The address `/` redirects to the centre, and from there to the login page without a session', async () => {
    const { status, headers } = await centre.ask('/');
    expect([status, headers.location]).toEqual([303, '/center']);
    expect((await centre.ask('/center')).headers.location).toBe('/login');
    expect((await centre.ask('/center', { cookie: await centre.signIn(ACCOUNT) })).status).toBe(200);
  });
});

describe.each([
  ['/help', '帮助', ['北京通', 'L2', 'L3', 'L4', 'zikao.bjeea.cn', '北京自考综合服务平台']],
  ['/privacy', '隐私政策', ['个人信息']],
])('The page %s', (address, title, words) => {
  it('A public page is shown to everybody, with a link back to the page that fits the session', async () => {
    const anyone = await centre.ask(address);
    expect([anyone.status, anyone.$('.bar h1').text(), anyone.$('.back').attr('href')]).toEqual([200, title, '/login']);
    for (const word of words) expect(anyone.text).toContain(word);
    const signedIn = await centre.ask(address, { cookie: await centre.signIn(ACCOUNT) });
    expect([signedIn.status, signedIn.$('.back').attr('href')]).toEqual([200, '/center/account']);
    const limited = await centre.ask(address, { cookie: await centre.signIn(UNCONFIRMED) });
    expect([limited.status, limited.$('.back').attr('href'), limited.$('.tabs').length]).toEqual([200, '/center/confirmation', 0]);
  });

  it('A public page shows the text that the office has published from the instant on at which it takes effect', async () => {
    const key = address.slice(1);
    const before = centre.clock.time;
    await centre.rows('contents', { key, effective_from: '2026-12-01T00:00:00+08:00', body: '# 新的说法\n\n第一段' });
    expect((await centre.ask(address)).text).not.toContain('新的说法');
    centre.clock.time = new Date('2026-12-01T00:00:00+08:00');
    expect((await centre.ask(address)).text).toContain('新的说法');
    centre.clock.time = before;
  });
});

describe('A public page', () => {
  it.each(['/login', '/login/reset', '/help', '/privacy', '/payments/return'])('A public page has a description of its own in its head: %s', async (path) => {
    const description = (await centre.ask(path)).$('head meta[name=description]').attr('content') ?? '';
    expect(description.length).toBeGreaterThan(15);
    for (const other of ['/login', '/login/reset', '/help', '/privacy'].filter((each) => each !== path))
      expect((await centre.ask(other)).$('head meta[name=description]').attr('content')).not.toBe(description);
  });

  it('A public page names in its footer who runs the site, from the settings', async () => {
    const { $, body } = await centre.ask('/help');
    expect(shown($, '.foot p')).toEqual([
      '帮助 隐私政策',
      '主办单位：示范<考>试院',
      '示ICP备00000000号',
      '示公网安备 00000000000000号',
      '网站标识码 0000000000',
    ]);
    expect(body).not.toContain('<考>');
  });
});

describe('The page 我的', () => {
  it('The page 我的 shows whose account it is, how long a session lasts, and the links for password and signing out', async () => {
    const { status, $, text, body } = await centre.ask('/center/account', { cookie: await centre.signIn(ACCOUNT) });
    expect(status).toBe(200);
    expect(shown($, 'main .card')[0]).toBe(`李<b>小</b>明 准考证号 ${ACCOUNT}`);
    expect(body).not.toContain('<b>小');
    expect(text).toContain('90 分钟没有操作会自动退出，一次登录最长 12 小时');
    expect($('main a[href="/center/account/password"]').text()).toBe('修改密码');
    expect($('main form[action="/logout"]').attr('method')).toBe('post');
    const links = $('main a')
      .toArray()
      .map((link) => $(link).attr('href'));
    for (const href of links) if (href?.startsWith('/')) expect((await centre.ask(href, { cookie: await centre.signIn(ACCOUNT) })).status).toBe(200);
    expect(links).toEqual(expect.arrayContaining(['/help', '/privacy']));
  });
});
