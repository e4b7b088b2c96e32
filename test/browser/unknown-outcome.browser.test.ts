import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { log } from '../../src/kernel/log.js';
import { TestCentre } from '../centre.js';
import { answersLost, appendsLost } from '../web/outcomes/lost-answers.js';
import { describeInBrowser, openBrowser, type Phone, phone, sidewaysScroll, smallTargets, type Visit, violations } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

const OLD = 'correct horse';
const NEW = '四郎探母 坐宫一折';

describeInBrowser('A form on a phone whose log does not answer in time', () => {
  let centre: TestCentre;
  let address: string;
  let markup: Markup;
  let browser: Browser;
  let visitor: Phone;
  let account = 119_912_345_600;

  beforeAll(async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    centre = await TestCentre.open();
    markup = watchMarkup(centre);
    address = await centre.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await centre?.close();
  });
  beforeEach(async () => {
    await centre.candidate(String(++account));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    expect(visitor.elsewhere).toEqual([]);
    await visitor.context.close();
  });

  async function signIn(visit: Visit = {}): Promise<void> {
    visitor = await phone(browser, address, visit);
    const { page } = visitor;
    await page.goto('/login');
    await page.fill('[name=account]', String(account));
    await page.fill('[name=password]', OLD);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.waitForURL(`${address}/center`);
  }
  async function changePassword(): Promise<void> {
    const { page } = visitor;
    await page.goto('/center/account/password');
    for (const [name, value] of Object.entries({ old: OLD, password: NEW, again: NEW })) await page.fill(`[name=${name}]`, value);
    await page.getByRole('button', { name: '修改密码', exact: true }).click();
  }
  const says = (heading: string) => visitor.page.getByRole('heading', { name: heading, exact: true }).waitFor();
  const isWell = async () =>
    expect([await violations(visitor.page), await smallTargets(visitor.page), await sidewaysScroll(visitor.page)]).toEqual([[], [], 0]);

  it.each([true, false])(
    'A form on a phone whose log does not answer in time looks its outcome up by itself until it is known (JavaScript: %s)',
    async (javaScript) => {
      await signIn({ javaScript });
      answersLost(centre, 'for good');
      await changePassword();
      await says('正在确认有没有记录');
      await visitor.page.waitForResponse((answer) => answer.url().includes('/outcome?of='));
      jest.restoreAllMocks();
      await says('已经记录');
      if (javaScript) await isWell();
    },
  );

  it('A form on a phone whose log does not answer in time shows by itself that nothing was recorded, also in dark mode', async () => {
    await signIn({ colorScheme: 'dark' });
    const { page } = visitor;
    await signInElsewhere();
    await page.goto('/center/account');
    appendsLost(centre);
    await page.getByRole('button', { name: '退出其他所有登录' }).click();
    await says('没有记录');
    await isWell();
    expect([...markup.faults]).toEqual([]);
  });

  async function signInElsewhere(): Promise<void> {
    await centre.signIn(String(account), OLD);
    await centre.settled();
  }
});
