import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Sandbox } from '../../demo/sandbox-bjt/sandbox.js';
import { TestCentre } from '../centre.js';
import { reactIn } from '../reactions/react-in.js';
import { describeInBrowser, openBrowser, type Phone, phone, sidewaysScroll, smallTargets, violations } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

const ONE = { name: '张三', idNo: '11990019900101001X', note: '一个准考证号' };
const TWO = { name: '李四', idNo: '119900198805050014', note: '两个准考证号' };

describeInBrowser('Single sign-on by 北京通 on a phone', () => {
  let folder: string;
  let sandbox: Sandbox;
  let centre: TestCentre;
  let acting: Awaited<ReturnType<typeof reactIn>>;
  let address: string;
  let markup: Markup;
  let browser: Browser;
  let visitor: Phone;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bjt-'));
    sandbox = await Sandbox.start({ folder });
    sandbox.people = () => [ONE, TWO];
    centre = await TestCentre.open(new Date().toISOString(), { ...sandbox.settings });
    markup = watchMarkup(centre);
    await centre.candidate('119912345601', { name: ONE.name, id_no: ONE.idNo });
    for (const number of ['119912345602', '119912345603']) await centre.candidate(number, { name: TWO.name, id_no: TWO.idNo, id_type: '外国人永久居留证' });
    acting = await reactIn(centre);
    address = await centre.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await acting?.stop();
    await centre?.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    visitor = await phone(browser, address);
    ({ page } = visitor);
  });
  afterEach(async () => {
    expect(visitor.elsewhere.filter((at) => new URL(at).origin !== sandbox.settings.BJT_ISSUER)).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  const says = (text: string) => page.locator('#main').getByText(text).first().waitFor();
  const press = (button: string) => page.getByRole('button', { name: button, exact: true }).click();

  it('Single sign-on by 北京通 on a phone leads from the app’s page to the home page without a password, and adds no history entry', async () => {
    await page.goto('/privacy');
    await page.goto('/login/bjt');
    expect([await violations(page), await sidewaysScroll(page)]).toEqual([[], 0]);
    await press('同意并登录');
    await page.waitForURL(`${address}/center`);
    await says(ONE.name);
    await page.goBack();
    await page.getByText('这次登录已经失效').waitFor(); // the platform's own page, without any action
    expect(visitor.complaints.splice(0)).toEqual([expect.stringContaining('400')]);
    await page.goBack();
    expect(page.url()).toBe(`${address}/privacy`);
    await page.goto('/center/account');
    await press('退出登录');
    await page.waitForURL(`${address}/login?out=1`);
    await page.goto('/center');
    expect(new URL(page.url()).pathname).toBe('/login');
  });

  it('Single sign-on by 北京通 on a phone is offered on the login page, keeps the return address, and shows the reason of a refusal beside the password form', async () => {
    await page.goto('/center/results');
    await page.getByRole('link', { name: '北京通免密登录' }).click();
    await page.getByText('L2 姓名和身份证号').click();
    await press('同意并登录');
    await page.waitForURL('**/login?bjt=level**');
    await says('没有达到 L3');
    expect([await violations(page), await smallTargets(page), await sidewaysScroll(page)]).toEqual([[], [], 0]);
    await page.fill('[name=account]', '119912345601');
    await page.fill('[name=password]', 'correct horse');
    await press('登录');
    await page.waitForURL(`${address}/center/results`);
  });

  it('Single sign-on by 北京通 on a phone leads from a forgotten password to a new one, and shows whose account it is', async () => {
    await page.goto('/login');
    await page.getByText('忘记密码').click();
    await page.getByRole('link', { name: '用北京通设置新密码' }).click();
    await press('同意并登录');
    await page.waitForURL(`${address}/login/reset`);
    await says(ONE.name);
    await says('119912345601');
    expect([await violations(page), await smallTargets(page), await sidewaysScroll(page)]).toEqual([[], [], 0]);
    await page.fill('[name=password]', '四郎探母 坐宫一折');
    await page.fill('[name=again]', '四郎探母 坐宫一折');
    await press('设置新密码');
    await says('原来的登录都已退出');
    await page.goto('/center');
    expect(new URL(page.url()).pathname).toBe('/login');
  });

  it('Single sign-on by 北京通 on a phone offers the choice between two admission numbers, and a change to the other', async () => {
    await page.goto('/login/bjt?to=/center/account');
    await page.getByText(TWO.note).click();
    await press('同意并登录');
    await page.waitForURL('**/login/bjt/choice**');
    await page.getByRole('button', { name: /119912345602|1 1 9 9 1 2 3 4 5 6 0 2/ }).click();
    await page.waitForURL(`${address}/center/account`);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: /切换到/ }).click();
    await page.waitForURL(`${address}/center`);
    await page.goto('/center/account');
    await says('119912345603');
  });

  it('Single sign-on by 北京通 on a phone uses only pages of valid HTML', () => {
    expect(markup.pages).toBeGreaterThan(0);
    expect([...markup.faults]).toEqual([]);
  });
});
