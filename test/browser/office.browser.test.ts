import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { RaiseTask } from '../../src/office/raise-task.command.js';
import { TestCentre } from '../centre.js';
import { addOfficer, OfficeBrowser, PASSWORD } from '../office/office-browser.js';
import { COLOUR_RULES, describeInBrowser, openBrowser, phone, setTextSize, sidewaysScroll, violations } from './browser.js';
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

  /** Looks at the page of now in both themes and with text twice as large. */
  async function expectSound(page: Page, name: string): Promise<void> {
    expect([name, await violations(page)]).toEqual([name, []]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect([name, 'dark', await violations(page, COLOUR_RULES)]).toEqual([name, 'dark', []]);
    await page.emulateMedia({ colorScheme: 'light' });
    await setTextSize(page, 2);
    expect([name, await sidewaysScroll(page)]).toEqual([name, 0]);
    await setTextSize(page, 1);
  }

  it('lets an officer in for the first time, shows what waits, and lets the officer out', async () => {
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
    await page.getByRole('link', { name: '我的登录' }).click();
    await expectSound(page, 'me');
    await page.goto('/office/factor');
    await expectSound(page, 'step-up');
    await page.goto('/office/nothing');
    await expectSound(page, 'not found');
    await page.goto('/office');
    expect(await page.locator('script').count()).toBe(0); // so that it works without JavaScript
    await page.getByRole('button', { name: '退出', exact: true }).click();
    expect(await page.getByRole('status').innerText()).toBe('已退出登录。');
    expect([complaints.filter((each) => !/ 422 | 404 /.test(each)), elsewhere]).toEqual([[], []]);
    expect([...markup.faults]).toEqual([]);
    await page.context().close();
  });
});
