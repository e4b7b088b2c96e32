import { describe, expect, it } from '@jest/globals';
import { bills } from '../../../projections/bills.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import type { Answer } from '../../centre.js';
import { facts, shown } from '../../web/shown.js';
import { ACCOUNT, PayingCentre } from './paying-centre.js';

const at = PayingCentre.forTests();

/** The whole page's buttons that pay. */
const buttons = ({ $ }: Answer) => shown($, 'main form[action^="/center/payments"] button');

describe('A payment for which the platform reported a wrong amount', () => {
  it('A payment for which the platform reported a wrong amount is shown as being checked and cannot be paid again, and is shown as paid once the platform has answered', async () => {
    await at.atPlatform(await at.leave(), 'wrong notice');
    await at.recorded('PaymentDoubted');
    await at.newBill({ admission_no: ACCOUNT });
    for (const address of [`/center/bills/${at.bill}`, `/center/bills/${at.bill}?asked=0`]) {
      const page = await at.page(address);
      expect(at.alerts(page.$)).toEqual(['金额核对中，请不要再付款']);
      expect(buttons(page)).toEqual([]);
      expect(facts(page.$)).toMatchObject({ 账单金额: '¥ 30.00', 通知的金额: '¥ 30.01', 相差: '多 0.01 元' });
      expect(page.text).toContain('有疑问请联系');
      expect(page.text).not.toMatch(/未支付|可以重新支付|没有扣款/);
    }
    expect((await at.press()).headers.location).toBe(`/center/bills/${at.bill}?asked=0`);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'PaymentDoubted']);
    for (const address of ['/center', '/center/courses', '/center/payments']) expect((await at.page(address)).text).toContain('金额核对中，请不要再付款');
    await at.ask(`${at.bill}01`);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'PaymentDoubted', 'BillPaid']);
    expect(at.alerts((await at.page(`/center/bills/${at.bill}?asked=0`)).$)).toEqual(['支付成功']);
  });

  it('A payment for which the platform reported a wrong amount is shown as being checked while the platform does not answer, also after its order has ended, and nothing falls due', async () => {
    await at.atPlatform(await at.leave(), 'wrong notice');
    await at.recorded('PaymentDoubted');
    at.sandbox.platform.goDown();
    await expect(at.ask(`${at.bill}01`)).rejects.toMatchObject({ name: 'PlatformUnavailable' });
    at.pass(20 * 60);
    const page = await at.page();
    expect([at.alerts(page.$), buttons(page)]).toEqual([['金额核对中，请不要再付款'], []]);
    const cancel = await at.page(`/center/bills/${at.bill}/cancel`);
    expect(cancel.text).toContain('这张账单的金额正在核对，现在不能取消。');
    expect(cancel.text).not.toContain('正在支付');
    const { status, text } = await at.centre.ask(`/center/bills/${at.bill}/cancel`, { cookie: at.cookie, form: {} });
    expect([status, text.includes('金额正在核对')]).toEqual([422, true]);
    await at.ask(`${at.bill}01`);
    expect(at.alerts((await at.page(`/center/bills/${at.bill}?asked=7`)).$)).toEqual(['支付成功']);
  });
});

describe('A payment whose outcome is not known yet', () => {
  it('A payment whose outcome is not known yet is shown as under way wherever the bill is shown, and the primary button does not pay', async () => {
    await at.leave();
    for (const address of ['/center', '/center/courses', '/center/payments', '/center/bills', `/center/bills/${at.bill}`])
      expect((await at.page(address)).text).toContain('支付处理中');
    for (const address of ['/center', '/center/courses', '/center/payments']) {
      const page = await at.page(address);
      expect(page.text).toContain('已付款的请勿再付');
      expect(buttons(page)).toEqual(expect.not.arrayContaining([expect.stringContaining('继续支付')]));
    }
    const { $ } = await at.page(`/center/bills/${at.bill}?asked=0`);
    expect($('main .btn:not(.plain)').length).toBe(0);
  });

  it('A payment whose outcome is not known yet is shown on 缴费 without where to pay, until something can be paid', async () => {
    await at.centre.settled();
    const own = await at.centre.get(ReadModels).get(bills, await at.centre.idOf(ACCOUNT));
    for (const { bill: bill_no, state } of Object.values(own)) if (state === 'due' && bill_no !== at.bill) await at.newBill({ bill_no, state: 'cancelled' });
    const ways = /将打开北京市公共支付平台|请在手机浏览器打开/;
    expect((await at.page('/center/payments')).text).toMatch(ways);
    await at.leave();
    for (const agent of ['Mozilla/5.0', 'Mozilla/5.0 miniProgram']) {
      await at.centre.settled();
      const { text } = await at.centre.ask('/center/payments', { cookie: at.cookie, headers: { 'user-agent': agent } });
      expect(text).toContain('支付处理中，已付款的请勿再付。');
      expect(text).not.toMatch(ways);
    }
  });

  it('A payment whose outcome is not known yet is reloaded by the browser without JavaScript with growing delays, and then no more', async () => {
    await at.leave();
    const waits: string[] = [];
    let address: string | undefined = `/center/bills/${at.bill}`;
    while (address !== undefined) {
      const { body }: Answer = await at.page(address);
      const [, seconds, next]: readonly string[] = /<noscript><meta http-equiv="refresh" content="(\d+);url=([^"]+)">/.exec(body) ?? [];
      if (seconds) waits.push(seconds);
      address = next?.replaceAll('&#x3D;', '=');
    }
    expect(waits).toEqual(['2', '3', '5', '8', '13', '20', '30']);
  });
});
