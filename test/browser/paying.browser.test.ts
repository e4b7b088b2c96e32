import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { COLOUR_RULES, describeInBrowser, type Phone, setTextSize, sidewaysScroll, smallTargets, violations } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';
import { PaidInBrowser } from './paying-phone.js';

describeInBrowser('Paying on a phone', () => {
  let centre: PaidInBrowser;
  let markup: Markup;
  let visitor: Phone;
  let page: Page;
  let bill: string;

  beforeAll(async () => {
    centre = await PaidInBrowser.open();
    markup = watchMarkup(centre.centre);
  });
  afterAll(() => centre?.close());

  beforeEach(async () => {
    centre.pass(3_600);
    bill = await centre.newBill();
    visitor = await centre.signedIn();
    ({ page } = visitor);
  });
  afterEach(async () => {
    expect(centre.strangersTo(visitor)).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  const main = () => page.locator('#main');
  const says = (text: string) => main().getByText(text).first().waitFor();
  const toBill = () => page.goto(`/center/bills/${bill}`);

  it('Paying on a phone leads from the bill to the platform and back, and updates by itself to paid', async () => {
    await page.goto('/center/payments');
    await page.locator(`a[href="/center/bills/${bill}"]`).click();
    await centre.leave(page, /^去支付 ¥?76/);
    await page.getByText('¥ 76.00').waitFor();
    await centre.press(page, '微信支付');
    await says('支付成功');
    expect(await main().innerText()).toMatch(/¥ 76.00[\s\S]*2 门课程已报考成功[\s\S]*微信支付[\s\S]*电子票据开具中[\s\S]*完成交易/);
    expect(await page.getByRole('button', { name: /支付/ }).count()).toBe(0);
    expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it('Paying on a phone works without JavaScript', async () => {
    await visitor.context.close();
    visitor = await centre.signedIn({ javaScript: false });
    ({ page } = visitor);
    await toBill();
    await centre.leave(page);
    await centre.press(page, '通知晚到');
    await says('支付处理中');
    centre.pass(25); // the platform is queried
    await says('支付成功'); // the page updated by itself
    expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it('Paying on a phone survives the back button: before paying the same order continues, afterwards nothing can be paid again', async () => {
    await toBill();
    await centre.leave(page);
    const order = page.url();
    await page.goBack();
    await says('支付处理中');
    await centre.leave(page, /^继续支付/);
    expect(page.url()).toBe(order);
    await centre.press(page, '银联');
    await says('支付成功');
    await page.goBack();
    await page.getByRole('heading', { name: '订单已支付' }).waitFor();
    await page.goBack();
    await says('完成交易');
    expect(await page.getByRole('button', { name: /支付/ }).count()).toBe(0);
    expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it('Paying on a phone uses one order in two tabs', async () => {
    const other = await visitor.context.newPage();
    await toBill();
    await other.goto(page.url());
    await centre.leave(page);
    await centre.leave(other);
    expect(other.url()).toBe(page.url());
    await centre.press(page, '北京通');
    await says('支付成功');
    await other.reload();
    await other.getByRole('heading', { name: '订单已支付' }).waitFor();
    await other.getByRole('link', { name: '返回商户' }).click();
    await other.getByText('支付成功').first().waitFor();
    expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  describe('At a platform of some behaviour', () => {
    it('Paying at a platform that failed the payment says so, and can be tried again', async () => {
      await centre.payAt(page, bill, '支付失败');
      await says('没有扣款，可以重新支付。');
      await centre.leave(page, /^去支付/);
      await centre.press(page, '支付宝');
      await says('支付成功');
      expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'PaymentFailed', 'PaymentBegun', 'BillPaid']);
    });

    it('Paying at a platform that was abandoned waits, and can be continued', async () => {
      await centre.payAt(page, bill, '离开');
      await says('支付处理中');
      expect(await violations(page)).toEqual([]);
      await centre.leave(page, /^继续支付/);
      await centre.press(page, '支付宝');
      await says('支付成功');
    });

    it('Paying at a platform that was abandoned for good ends as unpaid with the order', async () => {
      await centre.payAt(page, bill, '离开');
      centre.pass(17 * 60);
      await says('没有扣款，可以重新支付。');
    });

    it('Paying at a platform that took the money twice shows both payments and refunds one', async () => {
      await centre.payAt(page, bill, '付两次');
      await centre.shown(bill, 'RefundDue');
      await toBill();
      await says('退款处理中：76 元。这张账单已经支付过，这一笔是重复支付。');
      expect(await violations(page)).toEqual([]);
      centre.pass(90);
      await centre.shown(bill, 'RefundDone');
      await toBill();
      await says('已退款：76 元。');
      expect(await main().innerText()).toContain('完成交易');
    });

    it('Paying at a platform that notifies late is queried, and the page updates by itself', async () => {
      await centre.payAt(page, bill, '通知晚到');
      await says('支付处理中');
      centre.pass(25);
      await says('支付成功');
      centre.pass(60); // then it also notifies
      await centre.centre.settled();
      expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
    });

    it('Paying at a platform that notifies twice counts one payment', async () => {
      await centre.payAt(page, bill, '通知发两次');
      await says('支付成功');
      expect((await main().innerText()).match(/支付成功/g)).toHaveLength(1);
    });

    it('Paying at a platform that notifies a wrong amount is queried at once, and the bill is paid', async () => {
      await centre.payAt(page, bill, '通知金额不对');
      await says('支付成功');
      expect(await centre.events(bill)).toEqual(['BillIssued', 'PaymentBegun', 'PaymentDoubted', 'BillPaid']);
    });

    it('Paying at a platform that took a wrong amount refunds it, and the bill stays due', async () => {
      await centre.payAt(page, bill, '实收少一分');
      await centre.shown(bill, 'RefundDue');
      await toBill();
      await says('退款处理中：75.99 元。这一笔的金额与账单不符。');
      await page.getByRole('button', { name: /^去支付/ }).waitFor();
    });

    it('Paying at a platform that is down takes nothing, and the payment continues when it is back', async () => {
      await toBill();
      await centre.leave(page);
      await page.getByRole('button', { name: '平台停机' }).click();
      await page.getByRole('heading', { name: '平台停机' }).waitFor();
      await toBill();
      await says('支付处理中');
      centre.pass(61);
      await centre.leave(page, /^继续支付/);
      await centre.press(page, '支付宝');
      await says('支付成功');
      visitor.complaints.splice(0); // the browser's own error about the 503
    });
  });

  describe('While under way', () => {
    it('A payment under way on a phone warns when little time is left, and continues at once', async () => {
      bill = await centre.newBill(7.5);
      await toBill();
      await page.getByRole('button', { name: /^去支付/ }).click();
      await page.getByText('请马上支付').waitFor();
      expect(await violations(page)).toEqual([]);
      await centre.leave(page, /^现在就去支付/);
      await centre.press(page, '支付宝');
      await says('支付成功');
    });

    it('A payment under way on a phone can be cancelled, and is then not due any more', async () => {
      await toBill();
      await page.getByRole('link', { name: '不缴了，取消账单' }).click();
      await says('取消以后，这张账单不能再支付');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: '取消这张账单' }).click();
      await says('已取消');
      expect(await page.getByRole('button', { name: /支付/ }).count()).toBe(0);
    });

    it('A payment under way on a phone shows a note when the session is lost, and leads to the bill after signing in', async () => {
      await toBill();
      await centre.leave(page);
      await visitor.context.clearCookies();
      await page.getByRole('button', { name: '支付宝' }).click();
      await page.getByText('登录以后查看').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: '登录查看' }).click();
      await page.fill('[name=account]', '119912345601');
      await page.fill('[name=password]', 'correct horse');
      await page.click('main button.btn');
      await page.waitForURL(`**/center/bills/${bill}?asked=0`);
      await says('支付成功');
    });
  });

  it('Paying on a phone has pages with a correct layout in light and dark mode, at 390 and 320 px, and at 200 % text', async () => {
    const near = await centre.newBill(7.5);
    await centre.payAt(page, bill, '付两次');
    await centre.shown(bill, 'RefundDue');
    const due = await centre.newBill();
    const wrong: string[] = [];
    const look = async (what: string) => {
      const note = (faults: readonly string[]) => wrong.push(...faults.map((each) => `${what}: ${each}`));
      note([...(await violations(page)), ...(await smallTargets(page))]);
      await page.emulateMedia({ colorScheme: 'dark' });
      note(await violations(page, COLOUR_RULES));
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 320, height: 844 });
      note(await smallTargets(page));
      await setTextSize(page, 2);
      if ((await sidewaysScroll(page)) > 0) note(['scrolls sideways']);
      await page.setViewportSize({ width: 390, height: 844 });
      if ((await sidewaysScroll(page)) > 0) note(['scrolls sideways at 390 px']);
    };
    for (const path of [`/center/bills/${bill}`, `/center/bills/${due}`, `/center/bills/${due}/cancel`, '/center/payments', '/center/bills']) {
      await page.goto(path);
      await look(path);
    }
    await page.goto(`/center/bills/${near}`);
    await page.getByRole('button', { name: /^去支付/ }).click();
    await page.getByText('请马上支付').waitFor();
    await look('near-deadline');
    expect(wrong).toEqual([]);
  });

  it('Paying on a phone uses only pages of valid HTML', () => {
    expect(markup.pages).toBeGreaterThan(0);
    expect([...markup.faults]).toEqual([]);
  });
});
