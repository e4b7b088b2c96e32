import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { TestCentre } from '../centre.js';
import { OfficeBrowser } from '../office/office-browser.js';
import { describeInBrowser, openBrowser, phone } from './browser.js';
import { expectSound } from './expect-sound.js';
import { watchMarkup } from './markup.js';

const NO = '119912345001';

describeInBrowser('A candidate’s file on a desktop', () => {
  let browser: Browser;
  let centre: TestCentre;
  let address: string;
  beforeAll(async () => {
    browser = await openBrowser();
    centre = await TestCentre.open();
    address = await centre.listen();
    await centre.rows('districts', { name: '东城区', office: '东城区自考办', place: '一层', address: '北京市', phone: '010-00000000' });
    await centre.rows('periods', { period: '2610', name: '2026年10月', results_released: '2026-11-20T10:00:00+08:00' });
    await centre.rows('courses', { code: '00249', name: '国际私法', credits: '4' });
    for (const number of [NO, '119912345002']) await centre.candidate(number, { district: '东城区', name: '赵明远' });
    for (const score of ['58', '71']) await centre.rows('scores', { admission_no: NO, period: '2610', course: '00249', score });
  });
  afterAll(async () => {
    await browser.close();
    await centre.close();
  });

  it('A candidate’s file on a desktop is found, told, looked at and explained, and all of that is on record', async () => {
    const officer = await OfficeBrowser.signedIn(centre, 'shi-1', 'city');
    const markup = watchMarkup(centre);
    const { page, context, complaints, elsewhere } = await phone(browser, address, { width: 1440 });
    await context.addCookies(officer.cookiesFor(address));
    await page.goto('/office');
    await page.keyboard.press('/');
    await page.keyboard.type('赵明远');
    await page.keyboard.press('Enter');
    await page.getByText('找到 2 位考生').waitFor();
    await expectSound(page, 'found');
    await page
      .getByRole('row', { name: new RegExp(NO) })
      .getByRole('link')
      .click();
    await page.getByText('的成绩更正为：71 分，合格').waitFor();
    await expectSound(page, 'timeline');
    await page.getByRole('link', { name: /^成绩/ }).click();
    await page.locator('.filter [aria-current]', { hasText: '成绩' }).waitFor();
    expect(await page.locator('.did a.path').count()).toBe(2);
    await page.getByRole('link', { name: '数据', exact: true }).click();
    await page.getByLabel('哪份数据').selectOption('考试与成绩');
    await page.getByLabel('左').first().fill('0');
    await page.getByRole('button', { name: '看', exact: true }).click();
    await page.getByRole('row', { name: /2610\.00249\.result\.score/ }).waitFor();
    await expectSound(page, 'data');
    await page
      .getByRole('row', { name: /2610\.00249\.result\.score/ })
      .getByRole('link')
      .click();
    await page.getByText('与页面所用的一致').waitFor();
    expect(await page.locator('.chain li').count()).toBe(2);
    await expectSound(page, 'why');
    await page.getByRole('link', { name: '页面', exact: true }).click();
    await page.getByRole('link', { name: '成绩', exact: true }).click();
    const inner = page.frameLocator('iframe');
    await inner.getByText('国际私法').waitFor();
    expect(await inner.locator('main').evaluate((main) => getComputedStyle(main).display)).not.toBe('');
    await expectSound(page, 'pages');
    await page.getByLabel('查看原因').fill('接听来电核对');
    await page.getByRole('button', { name: '查看', exact: true }).click();
    await page.getByText('查看已被记录，原因：接听来电核对').waitFor();
    await expectSound(page, 'revealed');
    await page.getByLabel('查看原因').first().fill(NO);
    await page.getByRole('button', { name: '查看', exact: true }).first().click();
    await page.getByRole('alert').waitFor();
    await expectSound(page, 'refused reason');
    await centre.settled();
    const auditor = await OfficeBrowser.signedIn(centre, 'shen-1', 'auditor');
    await context.clearCookies();
    await context.addCookies(auditor.cookiesFor(address));
    await page.goto('/office/viewings');
    await page.getByLabel('考生（准考证号、姓名或编号）').fill(NO);
    await page.getByLabel('办理人的账号').fill('shi-1');
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByText('接听来电核对').waitFor();
    await expectSound(page, 'viewings');
    expect([complaints.filter((each) => !/ 422 /.test(each)), elsewhere]).toEqual([[], []]);
    expect([...markup.faults]).toEqual([]);
    await context.close();
  });
});
