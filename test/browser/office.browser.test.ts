import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { RaiseTask } from '../../src/office/raise-task.command.js';
import { TestCentre } from '../centre.js';
import { addOfficer, OfficeBrowser, PASSWORD } from '../office/office-browser.js';
import { describeInBrowser, openBrowser, phone } from './browser.js';
import { expectSound } from './expect-sound.js';
import { watchMarkup } from './markup.js';

const DESKTOP = 1440;

describeInBrowser('The office on a desktop', () => {
  let browser: Browser;
  let centre: TestCentre;
  let address: string;
  beforeAll(async () => {
    browser = await openBrowser();
    centre = await TestCentre.open();
    address = await centre.listen();
    const about = { bill: '20261100021877', order: '2026110002187701', fen: 6_000 };
    for (const [task, kind] of [
      ['one', 'payment_unresolved'],
      ['two', 'refund_refused'],
    ] as const)
      await centre.record(new RaiseTask(centre.given(), { task, kind, proposal: 'ask_platform', about }));
  });
  afterAll(async () => {
    await browser.close();
    await centre.close();
  });

  it('The office on a desktop lets an officer in for the first time, shows what waits, and lets the officer out', async () => {
    const markup = watchMarkup(centre);
    const { page, complaints, elsewhere } = await phone(browser, address, { width: DESKTOP });
    const app = new OfficeBrowser(centre, 'shi-1'); // shows the codes
    await page.goto('/office');
    await expectSound(page, 'login');
    await page.getByRole('link', { name: '用代码设置密码' }).click();
    await expectSound(page, 'setup code');
    await page.getByLabel('账号').fill('shi-1');
    await page.getByLabel('一次性代码').fill(await addOfficer(centre, 'shi-1', ['city', 'approver']));
    await page.getByLabel('新密码').fill(PASSWORD);
    await page.getByLabel('再输入一次').fill(PASSWORD);
    await page.getByRole('button', { name: '设置密码' }).click();
    await page.getByLabel('账号').fill('shi-1');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '下一步' }).click();
    await expectSound(page, 'enrol');
    app.secret = (await page.locator('code').innerText()).replaceAll(' ', '');
    await page.getByLabel('验证码').fill('000000');
    await page.getByRole('button', { name: '确认并登录' }).click();
    await expectSound(page, 'enrol, wrong code');
    await page.getByLabel('验证码').fill(app.code());
    await page.getByRole('button', { name: '确认并登录' }).click();
    await expectSound(page, 'recovery codes');
    await centre.settled();
    await page.getByRole('link', { name: '已经保存，进入管理端' }).click();
    expect(await page.getByRole('row').count()).toBe(3);
    await expectSound(page, 'home');
    await page.getByRole('link', { name: '待办', exact: true }).click();
    await expectSound(page, 'tasks');
    await page.getByRole('link', { name: '支付结果一天未明' }).click();
    await expectSound(page, 'task');
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '开始办理' }).click()]); // a reload would break off the form
    await centre.settled();
    await page.reload();
    await expectSound(page, 'task that was taken');
    await page.getByLabel('怎样办的').fill('平台已确认没有支付');
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '办结' }).click()]); // a reload would break off the form
    await centre.settled();
    await page.reload();
    expect(await page.getByRole('row', { name: /办结：平台已确认没有支付/ }).innerText()).toContain('shi-1');
    await expectSound(page, 'settled task');
    await page.getByRole('link', { name: '考生', exact: true }).click();
    await expectSound(page, 'candidates');
    await page.getByRole('link', { name: '我的登录' }).click();
    await expectSound(page, 'me');
    await page.goto('/office/factor');
    await expectSound(page, 'step-up');
    await page.goto('/office/nothing');
    await expectSound(page, 'not found');
    await page.goto('/office');
    await page.keyboard.press('/');
    expect(await page.locator('#q').evaluate((box) => box === document.activeElement)).toBe(true);
    await page.keyboard.type('没有这个人');
    await page.keyboard.press('Enter');
    await page.getByText('没有找到').waitFor();
    await expectSound(page, 'nothing found');
    await page.getByRole('button', { name: '退出', exact: true }).click();
    expect(await page.getByRole('status').innerText()).toBe('已退出登录。');
    expect([complaints.filter((each) => !/ 422 | 404 /.test(each)), elsewhere]).toEqual([[], []]);
    expect([...markup.faults]).toEqual([]);
    await page.context().close();
  });

  it('The office on a desktop lets an administrator add an officer of a district and propose another role, which a second one approves', async () => {
    await centre.rows(
      'districts',
      ...['东城区', '西城区'].map((name) => ({ name, office: `${name}自考办`, place: '一层', address: '北京市', phone: '010-00000000' })),
    );
    const [first, second] = [
      await OfficeBrowser.signedIn(centre, 'admin-1', 'administrator'),
      await OfficeBrowser.signedIn(centre, 'admin-2', 'administrator'),
    ];
    const markup = watchMarkup(centre);
    const { page, context, complaints } = await phone(browser, address, { width: DESKTOP });
    await context.addCookies(first.cookiesFor(address));
    await page.goto('/office');
    await page.getByRole('link', { name: '账号' }).click();
    await page.getByRole('link', { name: '添加账号' }).click();
    await expectSound(page, 'add account');
    await page.getByLabel('账号').fill('xicheng-1');
    await page.getByLabel('区自考办').check();
    await page.getByLabel('西城区').check();
    await page.getByRole('button', { name: '添加' }).click();
    await expectSound(page, 'account code');
    await centre.settled();
    await page.getByRole('link', { name: '已经记下' }).click();
    await page.getByRole('link', { name: '提出更改' }).click();
    await expectSound(page, 'propose');
    await page.getByLabel('东城区').check();
    await page.getByLabel('原因').first().fill('两区合并办公');
    await page.getByRole('button', { name: '提出更改' }).click();
    await centre.settled();
    await expectSound(page, 'account');
    await context.clearCookies();
    await context.addCookies(second.cookiesFor(address));
    await page.goto('/office');
    await expectSound(page, 'home of an administrator');
    await page.getByRole('link', { name: 'xicheng-1' }).click();
    await expectSound(page, 'approval');
    await page.getByRole('button', { name: '批准', exact: true }).click();
    await centre.settled();
    await page.getByRole('link', { name: '全部账号' }).click();
    await expectSound(page, 'accounts');
    expect(await page.getByRole('row', { name: /^xicheng-1/ }).innerText()).toContain('区自考办、东城区、西城区');
    expect([complaints, [...markup.faults]]).toEqual([[], []]);
    await context.close();
  });

  it('The office on a desktop lets an administrator suspend an account', async () => {
    const admin = await OfficeBrowser.signedIn(centre, 'admin-3', 'administrator');
    await addOfficer(centre, 'finance-1', ['finance']);
    const markup = watchMarkup(centre);
    const { page, context, complaints } = await phone(browser, address, { width: DESKTOP });
    await context.addCookies(admin.cookiesFor(address));
    await page.goto('/office/accounts/finance-1');
    await page.getByRole('link', { name: '停用' }).click();
    await expectSound(page, 'suspension');
    await page.getByLabel('原因').fill('已调离');
    await page.getByRole('button', { name: '停用' }).click();
    await page.getByText('已停用').waitFor();
    await expectSound(page, 'suspended account');
    expect([complaints, [...markup.faults]]).toEqual([[], []]);
    await context.close();
  });

  it('The office on a desktop lets a district officer hand out a reset code', async () => {
    await centre.candidate('119912345001');
    const officer = await OfficeBrowser.signedIn(centre, 'xicheng-2', 'district', ['西城区']);
    const markup = watchMarkup(centre);
    const { page, context, complaints } = await phone(browser, address, { width: DESKTOP });
    await context.addCookies(officer.cookiesFor(address));
    await page.goto('/office');
    await expectSound(page, 'home of a district');
    await page.getByRole('link', { name: '重设密码' }).click();
    await page.getByLabel('准考证号').fill('119912345009');
    await page.getByLabel('原因').fill('忘记密码，已核对身份证');
    await page.getByRole('button', { name: '发放重设码' }).click();
    await expectSound(page, 'reset code of nobody');
    await page.getByLabel('准考证号').fill('119912345001');
    await page.getByRole('button', { name: '发放重设码' }).click();
    expect(await page.locator('.codes').innerText()).toMatch(/^[3-9A-Y]{5}-[3-9A-Y]{5}$/);
    await expectSound(page, 'reset code');
    expect([complaints.filter((each) => !/ 422 /.test(each)), [...markup.faults]]).toEqual([[], []]);
    await context.close();
  });

  it('The office on a desktop lets an officer add a passkey and sign in by it, and by no answer twice', async () => {
    const named = address.replace('127.0.0.1', 'localhost'); // passkeys are bound to a name
    const officer = await OfficeBrowser.signedIn(centre, 'shi-2', 'city');
    const markup = watchMarkup(centre);
    const { page, context, complaints, elsewhere } = await phone(browser, named, { width: DESKTOP });
    const device = await context.newCDPSession(page);
    await device.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
    await device.send('WebAuthn.addVirtualAuthenticator', { options });
    await context.addCookies(officer.cookiesFor(named));
    await page.goto('/office/me');
    await page.getByRole('link', { name: '通行密钥' }).click();
    await expectSound(page, 'passkeys');
    await page.getByLabel('名称').fill('办公室电脑');
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.getByRole('rowheader', { name: '办公室电脑' }).waitFor();
    await expectSound(page, 'one passkey');
    await page.getByRole('button', { name: '退出', exact: true }).click();
    await page.getByLabel('账号').fill('shi-2');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '下一步' }).click();
    await expectSound(page, 'factor with a passkey');
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/office/login/factor'));
    await page.getByRole('button', { name: '用通行密钥' }).click();
    const form = Object.fromEntries(new URLSearchParams((await sent).postData() ?? ''));
    const cookie = await (await sent).headerValue('cookie');
    await page.getByRole('heading', { name: '今日' }).waitFor();
    const again = await centre.ask('/office/login/factor', { cookie: String(cookie), form, headers: { host: new URL(named).host } });
    expect([again.status, again.text]).toEqual([422, expect.stringMatching(/已经用过|没有通过/)]);
    await page.goto('/office/me');
    expect(await page.getByRole('row', { name: '登录，通行密钥' }).count()).toBe(1);
    officer.pass(1); // a challenge counts once, by when it was issued
    await page.goto('/office/factor');
    await page.getByRole('button', { name: '用通行密钥' }).click();
    await page.getByRole('heading', { name: '今日' }).waitFor();
    await page.goto('/office/passkeys');
    await page.getByRole('button', { name: /^删除/ }).click();
    await page.getByText('还没有通行密钥').waitFor();
    expect([complaints, elsewhere, [...markup.faults]]).toEqual([[], [], []]);
    await context.close();
  });

  it('The office on a desktop lets an officer enrol a passkey alone, gives recovery codes, and does not let it be removed', async () => {
    const named = address.replace('127.0.0.1', 'localhost');
    const officer = new OfficeBrowser(centre, 'shi-3');
    await officer.setPassword(await addOfficer(centre, 'shi-3', ['city']));
    const markup = watchMarkup(centre);
    const { page, context, complaints } = await phone(browser, named, { width: DESKTOP });
    const device = await context.newCDPSession(page);
    await device.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
    await device.send('WebAuthn.addVirtualAuthenticator', { options });
    const typePassword = async () => {
      await page.getByLabel('账号').fill('shi-3');
      await page.getByLabel('密码').fill(PASSWORD);
      await page.getByRole('button', { name: '下一步' }).click();
    };
    await page.goto('/office');
    await typePassword();
    await expectSound(page, 'enrol with a passkey');
    await page.getByLabel('名称').fill('办公室电脑');
    await page.getByRole('button', { name: '用通行密钥并登录' }).click();
    await page.getByRole('heading', { name: '恢复码' }).waitFor();
    expect(await page.locator('.codes li').count()).toBe(10);
    await centre.settled();
    await page.getByRole('link', { name: '已经保存，进入管理端' }).click();
    await page.goto('/office/passkeys');
    await page.getByRole('button', { name: /^删除/ }).click();
    expect(await page.getByRole('alert').first().innerText()).toContain('唯一的第二重验证');
    await page.getByRole('button', { name: '退出', exact: true }).click();
    officer.pass(1);
    await typePassword();
    await expectSound(page, 'factor of a passkey alone');
    await page.getByRole('button', { name: '用通行密钥' }).click();
    await page.getByRole('heading', { name: '今日' }).waitFor();
    expect([complaints.filter((each) => !/ 422 /.test(each)), [...markup.faults]]).toEqual([[], []]);
    await context.close();
  });
});
