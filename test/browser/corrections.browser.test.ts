import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TestCentre } from '../centre.js';
import { ProposalDesk } from '../office/corrections/proposal-desk.js';
import { OfficeBrowser } from '../office/office-browser.js';
import { announce } from '../web/announced.js';
import { COLOUR_RULES, describeInBrowser, openBrowser, phone, setTextSize, sidewaysScroll, violations } from './browser.js';
import { watchMarkup } from './markup.js';

const DESKTOP = 1440;
const ONE = '119988000001';
const sitting = { admission_no: ONE, period: '2604', course: '00015' };

describeInBrowser('Corrections on a desktop', () => {
  let browser: Browser;
  let centre: TestCentre;
  let address: string;
  beforeAll(async () => {
    browser = await openBrowser();
    centre = await TestCentre.open();
    address = await centre.listen();
    await announce(centre);
    await centre.candidate(ONE, { name: '林晓禾' });
    await centre.rows('enrolments', { ...sitting, state: 'enrolled' });
    await centre.rows('scores', { ...sitting, score: '58' });
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

  async function signedIn(account: string, role: 'city' | 'approver') {
    const officer = await OfficeBrowser.signedIn(centre, account, role);
    const visit = await phone(browser, address, { width: DESKTOP });
    await visit.context.addCookies(officer.cookiesFor(address));
    return visit;
  }

  it('Corrections on a desktop are proposed by one officer, approved by another, and shown to the candidate', async () => {
    const markup = watchMarkup(centre);
    const proposer = await signedIn('zhou', 'city');
    const approver = await signedIn('he', 'approver');
    const { page } = proposer;
    await page.goto('/office/corrections');
    await expectSound(page, 'no corrections');
    await page.goto('/office/corrections/rows');
    await page.getByLabel('标题行和数据').fill('admission_no,period,course,score\n1,2604,00015,60');
    await page.getByLabel('原因').fill('复核改分');
    await page.getByRole('button', { name: '提出，看预览' }).click();
    await page.getByRole('heading', { name: '不能提出的行' }).waitFor();
    await expectSound(page, 'pasted rows');
    await page.goto('/office/corrections');
    await page.getByRole('link', { name: '提出更正' }).click();
    await expectSound(page, 'new correction');
    for (const [label, value] of [
      ['准考证号', ONE],
      ['考期', '2604'],
      ['课程代码', '00015'],
      ['分数', '68'],
      ['原因', '复核改分'],
    ] as const)
      await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: '提出，看预览' }).click();
    await page.getByRole('heading', { name: '将记录的事件' }).waitFor();
    await expectSound(page, 'own proposal');

    await approver.page.goto('/office/corrections');
    await expectSound(approver.page, 'corrections that wait');
    await approver.page.getByRole('link', { name: '成绩，1 行' }).first().click();
    await expectSound(approver.page, 'preview');
    await approver.page.getByRole('button', { name: '批准并执行' }).click();
    await approver.page.getByText('执行中').first().waitFor();
    await centre.settled();
    await new ProposalDesk(centre).apply(page.url().split('/').at(-1) ?? '');
    await page.reload();
    await expectSound(page, 'applied');
    expect(await page.getByText('与预览一致').count()).toBe(1);

    const candidate = await phone(browser, address);
    await candidate.page.goto('/login');
    await candidate.page.getByLabel('准考证号或身份证号').fill(ONE);
    await candidate.page.getByRole('textbox', { name: '密码' }).fill('correct horse');
    await candidate.page.getByRole('button', { name: '登录' }).click();
    await candidate.page.waitForURL(/\/center/);
    await candidate.page.goto('/center/results');
    expect(await candidate.page.locator('main').innerText()).toContain('68');
    for (const { complaints, elsewhere } of [proposer, approver, candidate])
      expect([complaints.filter((each) => !/ 422 /.test(each)), elsewhere]).toEqual([[], []]);
    expect([...markup.faults]).toEqual([]);
  });
});
