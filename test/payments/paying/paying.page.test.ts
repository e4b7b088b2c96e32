import { describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { facts, shown } from '../../web/shown.js';
import { ACCOUNT, OTHER, PayingCentre } from './paying-centre.js';

const at = PayingCentre.forTests();

const orderOf = (address: string) => new URL(address).searchParams.get('order');

describe('Paying a bill', () => {
  it('Paying a bill leads to the platform and back, and shows at once that it is paid and by what', async () => {
    expect((await at.page('/center/payments')).$(`form[action="/center/payments/${at.bill}"] button`).text()).toContain('去支付');
    const address = await at.leave();
    const { headers } = await at.atPlatform(address, 'wechat');
    expect(headers.get('location')).toMatch(/\/payments\/return\?order=\d{16}$/);
    await at.recorded('BillPaid');
    const back = await at.centre.ask(new URL(String(headers.get('location'))).pathname + new URL(String(headers.get('location'))).search, {
      cookie: at.cookie,
    });
    expect(back.headers.location).toBe(`/center/bills/${at.bill}?asked=0`);
    const { $ } = await at.page(`/center/bills/${at.bill}?asked=0`);
    expect(at.alerts($)).toEqual(['支付成功']);
    expect(shown($, '.outcome .amount, .outcome .amount + p, .outcome .btn')).toEqual(['¥ 30.00', '1 门课程已报考成功', '查看我的课程']);
    expect(shown($, '.track li')).toEqual([
      expect.stringMatching(/^已支付 ?微信支付，2026年11月22日 \d\d:00:00$/),
      '1 门课程已报考成功 中国近现代史纲要',
      '电子票据开具中 开具以后在这张账单里查看和保存，不用申请。',
    ]);
    expect($('main form, [hx-get], meta[http-equiv=refresh]').length).toBe(0);
    const bill = await at.page();
    expect(shown(bill.$, 'h2 .tag')).toEqual(['完成交易']);
    expect(facts(bill.$).交易时间).toMatch(/^2026年11月22日 \d\d:00:00$/);
    expect(shown(bill.$, 'main dd').filter((each) => each.includes('微信'))).toEqual(['支付成功（微信支付）']);
    expect(shown((await at.page('/center/courses')).$, 'main').join()).toContain('已缴费');
    expect((await at.page('/center/payments')).text).toContain('没有待缴的费用');
  });

  it('Paying a bill twice, in two tabs or on two phones makes one order, signed for the bill and ending at the deadline at the latest', async () => {
    const [one, two] = [await at.leave(), await at.leave()];
    expect(new URL(two).search).toBe(new URL(one).search);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun']);
    const fields = new URL(one).searchParams;
    expect(Object.fromEntries(['fen', 'order', 'begun', 'ends', 'title'].map((name) => [name, fields.get(name)]))).toEqual({
      fen: '3000',
      order: `${at.bill}01`,
      begun: at.later(0),
      ends: at.later(15),
      title: '笔试课程报考缴费 2027年4月 · 2704期',
    });
  });

  it('Paying a bill that is left unfinished is 处理中 and can be continued, and begun anew once the platform says that nothing was paid', async () => {
    const address = await at.leave();
    const waiting = await at.page();
    expect(shown(waiting.$, 'h2 .tag')).toEqual(['支付处理中']);
    expect(shown(waiting.$, '.outcome h2, .outcome h2 + p')).toEqual(['支付处理中', '已付款的请勿再付']);
    expect(shown(waiting.$, 'main form button')).toEqual(['继续支付']);
    expect(waiting.$('main form .btn').length).toBe(0);
    expect(waiting.$('a[href$="/cancel"]').length).toBe(0);
    at.pass(17 * 60);
    expect((await at.page()).$('main form').length).toBe(0);
    await at.ask(`${at.bill}01`);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'PaymentFailed']);
    expect(at.alerts((await at.page()).$)).toEqual(['上次支付没有完成，没有扣款。']);
    const unpaid = await at.page(`/center/bills/${at.bill}?asked=1`);
    expect(shown(unpaid.$, '.outcome')).toEqual([expect.stringContaining('没有扣款，可以重新支付。')]);
    expect(shown(unpaid.$, 'main form .btn')).toEqual([expect.stringContaining('去支付')]);
    const anew = await at.leave();
    expect([orderOf(address), orderOf(anew)]).toEqual([`${at.bill}01`, `${at.bill}02`]);
  });

  it('Paying a bill first queries an earlier order without an outcome when the button is pressed', async () => {
    const address = await at.leave();
    at.sandbox.notify('http://127.0.0.1:1'); // what it tells does not arrive
    await at.atPlatform(address, 'alipay');
    at.pass(16 * 60);
    const { status, headers } = await at.press();
    expect([status, headers.location]).toEqual([303, `/center/bills/${at.bill}?asked=0`]);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it('Paying a bill stays 处理中 where the platform does not answer, and is never begun a second time then', async () => {
    await at.leave();
    at.pass(16 * 60);
    at.sandbox.platform.goDown();
    const { headers } = await at.press();
    expect(headers.location).toBe(`/center/bills/${at.bill}?asked=0`);
    expect((await at.page(`/center/bills/${at.bill}?asked=0`)).$('h2').first().text()).toBe('支付处理中');
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun']);
  });

  it('Paying a bill twice at the platform is one payment and one refund', async () => {
    await at.atPlatform(await at.leave(), 'twice');
    await at.recorded('RefundDue');
    const { $ } = await at.page();
    expect(shown($, 'h2 .tag')).toEqual(['完成交易']);
    expect(at.alerts($)).toEqual(['退款处理中：30 元。这张账单已经支付过，这一笔是重复支付。会原路退回，不用另外申请。']);
  });

  it('Paying a bill that was paid at the PC system too says which of the two payments is refunded', async () => {
    await at.atPlatform(await at.leave(), 'alipay');
    await at.recorded('BillPaid');
    await at.newBill({ bill_no: at.bill, state: 'paid', paid_at: at.later(5) });
    const { $ } = await at.page();
    expect(shown($, 'h2 .tag')).toEqual(['完成交易']);
    expect(at.alerts($)).toEqual(['退款处理中：30 元。这张账单已经支付过，电脑上收的这一笔是重复支付。会原路退回，不用另外申请。']);
  });

  it("Paying a bill with another amount than the order's is refunded, and the bill is still due", async () => {
    await at.atPlatform(await at.leave(), 'other amount');
    await at.recorded('PaymentDoubted');
    await at.ask(`${at.bill}01`);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'PaymentDoubted', 'RefundDue']);
    const { $ } = await at.page();
    expect(shown($, 'h2 .tag')).toEqual(['待缴费']);
    const refund = '退款处理中：29.99 元。这一笔的金额与账单不符。会原路退回，不用另外申请。';
    expect(at.alerts($)).toEqual([refund]);
    expect(at.alerts((await at.page(`/center/bills/${at.bill}?asked=0`)).$)).toEqual(['未支付', refund]);
    expect($('main form button').text()).toContain('去支付');
  });

  it('Paying a bill warns before it leaves when the deadline is near, and the order ends at the deadline', async () => {
    at.bill = await at.newBill({ due_by: at.later(7.5) });
    expect((await at.page()).text).toContain('离缴费截止还有 8 分钟');
    const { status, text, $ } = await at.press();
    expect(status).toBe(200);
    expect(text).toContain('离缴费截止还有 8 分钟。请马上支付');
    expect($('input[name=hurried]').val()).toBe('yes');
    expect(await at.events()).toEqual(['BillIssued']);
    expect(new URL(await at.leave({ hurried: 'yes' })).searchParams.get('ends')).toBe(at.later(7.5));
  });

  it("Paying a bill begins nothing for another candidate's bill, an unknown one and a paid one", async () => {
    const paid = await at.newBill({ state: 'paid', paid_at: '2026-11-20T20:13:00+08:00' });
    const others = await at.newBill({ admission_no: OTHER });
    const unknown = [others, '20269999999999', 'constructor'];
    const events = () => Promise.all([paid, ...unknown].map((bill) => at.events(bill)));
    const before = await events();
    for (const bill of unknown) expect((await at.press(bill)).status).toBe(404);
    expect((await at.press(paid)).headers.location).toBe(`/center/bills/${paid}?asked=0`);
    expect(await events()).toEqual(before);
  });

  it('Paying a bill begins nothing after the deadline, by a link or from another site', async () => {
    expect((await at.centre.ask(`/center/payments/${at.bill}`, { cookie: at.cookie })).headers.location).toBe(`/center/bills/${at.bill}`);
    const forged = await at.centre.ask(`/center/payments/${at.bill}`, {
      cookie: at.cookie,
      form: {},
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect(forged.status).toBe(403);
    at.bill = await at.newBill({ due_by: at.later(1) });
    at.pass(60);
    expect((await at.press()).headers.location).toBe(`/center/bills/${at.bill}?asked=0`);
    expect(at.alerts((await at.page(`/center/bills/${at.bill}?asked=0`)).$)).toEqual(['已过期']);
    expect(await at.events()).toEqual(['BillIssued']);
  });

  it('Paying a bill in a mini-program says where to pay, with the address to copy', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 MicroMessenger/8.0 miniProgram/wx1234' };
    const { $, text } = await at.centre.ask(`/center/bills/${at.bill}`, { cookie: at.cookie, headers });
    expect(text).toContain('请在手机浏览器打开');
    expect(text).toContain(`/center/bills/${at.bill}`);
    expect($('main form').length).toBe(0);
    expect((await at.centre.ask('/center/payments', { cookie: at.cookie, headers })).text).toContain('请在手机浏览器打开');
    expect((await at.centre.ask(`/center/payments/${at.bill}`, { cookie: at.cookie, headers, form: {} })).headers.location).toBe(`/center/bills/${at.bill}`);
    expect(await at.events()).toEqual(['BillIssued']);
  });

  it('Paying a bill is allowed by the content security policy to lead to the platform and nowhere else', async () => {
    const { headers } = await at.page();
    expect(String(headers['content-security-policy'])).toContain(`form-action 'self' ${at.sandbox.settings.PAYMENT_PLATFORM_URL};`);
    expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
  });
});

describe('The page of a bill that waits for its result', () => {
  it('The page of a bill that waits for its result reloads by itself with growing delays, and then says where to look', async () => {
    await at.leave();
    await at.centre.settled();
    const asked: string[] = [];
    let address: string | undefined = `/center/bills/${at.bill}?asked=0`;
    let last = '';
    while (address !== undefined) {
      const { $, text } = await at.centre.part(address, at.cookie);
      address = $('#bill').attr('hx-get');
      if (address) asked.push(String($('#bill').attr('hx-trigger')));
      last = text;
    }
    expect(asked).toEqual([2, 3, 5, 8, 13, 20, 30].map((seconds) => `load delay:${seconds}s`));
    expect(last).toContain('请稍后在账单查看');
  });

  it.each(['99', '-1', 'x', ''])('The page of a bill that waits for its result does not reload by itself where the address says %j', async (asked) => {
    await at.leave();
    expect((await at.page(`/center/bills/${at.bill}?asked=${asked}`)).$('[hx-get]').length).toBe(0);
  });
});

describe('Cancelling a bill on its page', () => {
  it('Cancelling a bill on its page asks once more, and then the bill cannot be paid any more', async () => {
    expect((await at.page()).$('a[href$="/cancel"]').text()).toBe('不缴了，取消账单');
    const { $ } = await at.page(`/center/bills/${at.bill}/cancel`);
    expect($('main form').attr('action')).toBe(`/center/bills/${at.bill}/cancel`);
    const answer = await at.centre.ask(`/center/bills/${at.bill}/cancel`, { cookie: at.cookie, form: {} });
    expect([answer.status, answer.headers.location]).toEqual([303, `/center/bills/${at.bill}`]);
    const after = await at.page();
    expect(shown(after.$, 'h2 .tag')).toEqual(['已取消']);
    expect(after.$('main form').length).toBe(0);
    expect((await at.centre.ask(`/center/bills/${at.bill}/cancel`, { cookie: at.cookie, form: {} })).status).toBe(303);
    expect(await at.events()).toEqual(['BillIssued', 'BillCancelled']);
    expect((await at.press()).headers.location).toContain(`/center/bills/${at.bill}`);
  });

  it('Cancelling a bill on its page is refused while the bill is being paid', async () => {
    await at.leave();
    expect((await at.page(`/center/bills/${at.bill}/cancel`)).text).toContain('这张账单正在支付，现在不能取消。');
    const { status, text } = await at.centre.ask(`/center/bills/${at.bill}/cancel`, { cookie: at.cookie, form: {} });
    expect([status, text.includes('支付平台还没有给出结果')]).toEqual([422, true]);
  });

  it("Cancelling a bill on its page is refused for another candidate's bill", async () => {
    const others = await at.newBill({ admission_no: OTHER });
    for (const unknown of [others, '20269999999999']) {
      expect((await at.centre.ask(`/center/bills/${unknown}/cancel`, { cookie: at.cookie })).status).toBe(404);
      expect((await at.centre.ask(`/center/bills/${unknown}/cancel`, { cookie: at.cookie, form: {} })).status).toBe(404);
    }
    expect(await at.events(others)).toEqual(['BillIssued']);
  });
});

describe('Without a configured platform', () => {
  it('Without a configured platform the page of a bill says where to pay, and begins nothing', async () => {
    const without = await TestCentre.open('2026-11-22T02:00:00.000Z');
    try {
      await without.candidate(ACCOUNT);
      const row = { bill_no: at.bill, admission_no: ACCOUNT, period: '2704', kind: 'enrolment', state: 'due', amount_fen: '3000', items: '03708:3000' };
      await without.rows('payments', { ...row, created_at: '2026-11-20T20:12:00+08:00', due_by: '2026-11-23T17:00:00+08:00' });
      const own = await without.signIn(ACCOUNT);
      const { text, $ } = await without.ask(`/center/bills/${at.bill}`, { cookie: own });
      expect(text).toContain('缴费目前在电脑上办理');
      expect($('main form').length).toBe(0);
      expect((await without.ask(`/center/payments/${at.bill}`, { cookie: own, form: {} })).headers.location).toBe(`/center/bills/${at.bill}`);
    } finally {
      await without.close();
    }
  });
});
