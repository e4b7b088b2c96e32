import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { facts, shown } from '../../web/shown.js';

const ACCOUNT = '119912345601';
const OTHER = '119912345602';
const EMPTY = '119912345603';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.rows(
    'courses',
    { code: '03708', name: '中国近现代史纲要', credits: '2' },
    { code: '06090', name: '<b>人员素质</b>测评理论与方法', credits: '5' },
  );
  await centre.rows('majors', { code: '01B0019', name: '工程管理（项目管理方向）', level: '专升本', university: '北京示范大学', state: 'open' });
  await centre.rows('periods', period('2604', '2026年4月'), period('2610', '2026年10月'), period('2704', '2027年4月'));
  await centre.rows(
    'declaration_periods',
    { kind: 'thesis', code: '2026B', name: '2026年下半年', opens: '2026-10-23T00:00:00+08:00' },
    { kind: 'degree', code: '201909', name: '2019年9月', opens: '2019-08-01T00:00:00+08:00' },
  );
  for (const account of [ACCOUNT, OTHER, EMPTY]) await centre.candidate(account);
  const mine = (row: Readonly<Record<string, string>>) => ({ admission_no: ACCOUNT, ...row });
  const enrolment = { kind: 'enrolment', amount_fen: '3000', items: '03708:3000' };
  await centre.rows(
    'payments',
    mine({
      ...enrolment,
      bill_no: '20260831523281',
      period: '2610',
      state: 'paid',
      created_at: '2026-08-31T08:39:36+08:00',
      paid_at: '2026-08-31T08:41:55+08:00',
    }),
    mine({
      ...enrolment,
      bill_no: '20261120000001',
      period: '2704',
      state: 'due',
      amount_fen: '6050',
      items: '03708:3000 06090:3000 99999:50',
      created_at: '2026-11-20T20:12:00+08:00',
      due_by: '2026-11-23T17:00:00+08:00',
    }),
    // issued anew for an earlier period after the newest period's own
    mine({ ...enrolment, bill_no: '20261121000002', period: '2610', state: 'cancelled', created_at: '2026-11-21T20:12:00+08:00' }),
    mine({
      ...enrolment,
      bill_no: '20260210000003',
      period: '2604',
      state: 'expired',
      created_at: '2026-02-10T09:00:00+08:00',
      due_by: '2026-02-12T17:00:00+08:00',
    }),
    mine({
      ...enrolment,
      bill_no: '20260211000004',
      period: '2604',
      state: 'refunded',
      created_at: '2026-02-11T09:00:00+08:00',
      paid_at: '2026-02-11T09:05:00+08:00',
    }),
    mine({
      kind: 'thesis',
      bill_no: '20261101000005',
      period: '2026B',
      state: 'due',
      amount_fen: '40000',
      items: '01B0019:40000',
      created_at: '2026-11-01T10:00:00+08:00',
    }),
    mine({
      kind: 'degree',
      bill_no: '20190801000006',
      period: '201909',
      state: 'due',
      amount_fen: '10000',
      items: '01C1503:10000',
      created_at: '2019-08-01T10:00:00+08:00',
      due_by: '2019-09-01T00:00:00+08:00',
    }),
    { ...enrolment, admission_no: OTHER, bill_no: '20261120000009', period: '2704', state: 'due', created_at: '2026-11-20T20:12:00+08:00' },
  );
  cookie = await centre.signIn(ACCOUNT);
});
afterAll(() => centre.close());

const period = (code: string, name: string) => ({ period: code, name });
const page = (address: string) => centre.ask(address, { cookie });
const bill = async (no: string) => {
  const { status, $ } = await page(`/center/bills/${no}`);
  expect(status).toBe(200);
  return {
    tag: shown($, 'main .tag')[0],
    facts: facts($),
    rows: shown($, 'main .rows li'),
    alert: shown($, 'main .alert')[0],
    heading: shown($, 'main h2')[0],
    $,
  };
};

describe('The page 账单', () => {
  it('The page 账单 has a section for each kind of bill, with the bills of the newest period open and earlier ones folded', async () => {
    const { $ } = await page('/center/bills');
    expect(shown($, 'main > .card > h2')).toEqual(['笔试课程报考缴费', '论文申报缴费', '学位申报缴费']);
    const [enrolment] = $('main > .card').toArray();
    const numbers = (selector: string) =>
      $(enrolment)
        .find(selector)
        .toArray()
        .map((link) => $(link).attr('href'));
    expect(numbers('> .bill a')).toEqual(['/center/bills/20261120000001']);
    expect(numbers('details .bill a')).toEqual([
      '/center/bills/20261121000002',
      '/center/bills/20260831523281',
      '/center/bills/20260211000004',
      '/center/bills/20260210000003',
    ]);
    expect(shown($, 'main summary')).toEqual(['以前的账单 4 笔']);
  });

  it('The page 账单 shows amount, state, period, every line, number, and when it was issued and paid', async () => {
    const { $ } = await page('/center/bills');
    const rows = shown($, 'main .bill:has(a[href$=20260831523281]) li');
    expect(rows).toEqual([
      '支付金额 ¥ 30.00 2026年10月 完成交易',
      '中国近现代史纲要 03708 30.00',
      '账单号 20260831523281 创建时间 2026年8月31日 08:39:36 交易时间 2026年8月31日 08:41:55',
    ]);
  });

  it('The page 账单 shows a course that the catalogue does not know by its code alone, and every text as text', async () => {
    const { $, body } = await page('/center/bills/20261120000001');
    expect(shown($, 'main .rows li')).toEqual(['中国近现代史纲要 03708 30.00', '<b>人员素质</b>测评理论与方法 06090 30.00', '99999 名称暂缺 0.50']);
    expect(body).not.toContain('<b>人员素质');
  });

  it('The page 账单 says so when there are no bills', async () => {
    const { text } = await centre.ask('/center/bills', { cookie: await centre.signIn(EMPTY) });
    expect(text).toContain('还没有账单');
    expect(text).toContain('支付指南');
  });
});

describe('The page of a bill', () => {
  it('The page of a bill names the deadline and the place to pay of a bill that is due', async () => {
    const shownBill = await bill('20261120000001');
    expect(shownBill).toMatchObject({ heading: '笔试课程报考缴费 待缴费', tag: '待缴费' });
    expect(shownBill.facts).toEqual({ 账单号: '20261120000001', 创建时间: '2026年11月20日 20:12:00', 缴费期限: '明天 17:00 截止（11月23日）' });
    expect(shown(shownBill.$, 'main .sum')).toEqual(['应缴金额 ¥ 60.50']);
    expect(shown(shownBill.$, 'main .note')[0]).toBe('2027年4月 · 2704期');
    expect(shownBill.$('main').text()).toContain('缴费目前在电脑上办理');
  });

  it('The page of a bill shows no deadline and no button to pay when the bill is paid', async () => {
    const { tag, facts: told, $ } = await bill('20260831523281');
    expect(tag).toBe('完成交易');
    expect(told).toEqual({ 账单号: '20260831523281', 创建时间: '2026年8月31日 08:39:36', 交易时间: '2026年8月31日 08:41:55' });
    expect($('main').text()).not.toContain('电脑上');
  });

  it('The page of a bill says since when a bill is expired, whether that is recorded yet or not', async () => {
    const recorded = await bill('20260210000003');
    expect([recorded.tag, recorded.facts.过期时间]).toEqual(['已过期', '2026年2月12日 17:00']);
    expect(recorded.alert).toContain('请不要再支付');
    const passed = await bill('20190801000006');
    expect([passed.tag, passed.facts.过期时间]).toEqual(['已过期', '2019年8月31日 24:00']);
    expect(passed.$('main').text()).not.toContain('电脑上');
  });

  it('The page of a bill keeps the time of payment of a refunded bill, and gives no time for a refund whose time is not known', async () => {
    const { tag, facts: told, alert } = await bill('20260211000004');
    expect([tag, alert]).toEqual(['已退款', '这张账单的费用已经退还。']);
    expect(told).toEqual({ 账单号: '20260211000004', 创建时间: '2026年2月11日 09:00:00', 交易时间: '2026年2月11日 09:05:00' });
  });

  it('The page of a bill asks for no payment of a cancelled bill', async () => {
    const { tag, alert } = await bill('20261121000002');
    expect([tag, alert]).toEqual(['已取消', '这张账单已经取消，不需要缴费。']);
  });

  it('The page of a bill names the major and level of a thesis, and only the code of a major that the catalogue lacks', async () => {
    expect((await bill('20261101000005')).rows).toEqual(['工程管理（项目管理方向）（专升本） 01B0019 400.00']);
    expect((await bill('20190801000006')).rows).toEqual(['01C1503 名称暂缺 100.00']);
  });

  it('The page of a bill names the period and its code', async () => {
    expect(shown((await bill('20190801000006')).$, 'main .note')[0]).toBe('2019年9月 · 201909期');
  });

  it.each(['20261120000009', '00000000000000', '__proto__', 'constructor', 'toString', '%2e%2e%2fpayments'])(
    'The page of a bill answers %s, which is not the candidate’s own, as not found and shows nothing of it',
    async (no) => {
      const { status, text, body } = await page(`/center/bills/${no}`);
      expect([status, text.includes('没有这个页面')]).toEqual([404, true]);
      expect(body).not.toContain('20261120000009');
    },
  );
});

describe('The page 缴费', () => {
  it('The page 缴费 shows what can still be paid, the nearest deadline first, with kind, period, lines, amount and deadline', async () => {
    const { $ } = await page('/center/payments');
    expect(shown($, 'main .card > h2')).toEqual(['笔试课程报考缴费 待缴费', '论文申报缴费 待缴费']);
    expect(shown($, 'main .card > .note')).toEqual(['2027年4月 · 2704期', '明天 17:00 截止（11月23日）', '2026年下半年 · 2026B期']);
    expect(shown($, 'main .sum')).toEqual(['2 笔待缴费，合计 ¥ 460.50', '应缴金额 ¥ 60.50', '应缴金额 ¥ 400.00']);
    expect(shown($, 'main .card li')).toContain('工程管理（项目管理方向）（专升本） 01B0019 400.00');
    expect($('main a[href="/center/bills/20261101000005"]').text()).toBe('查看账单');
    expect($('main').text()).toContain('https://zikao.bjeea.cn');
  });

  it('The page 缴费 has no button that leads nowhere', async () => {
    const { $ } = await page('/center/payments');
    expect($('main form, main button:not(.copy)')).toHaveLength(0);
  });

  it('The page 缴费 says so when nothing is due', async () => {
    const { text } = await centre.ask('/center/payments', { cookie: await centre.signIn(EMPTY) });
    expect(text).toContain('没有待缴的费用');
  });

  it('The page 缴费 links to the guide, which shows the content that the office has published', async () => {
    expect((await page('/center/payment-guide')).$('h1').text()).toBe('支付指南');
    await centre.rows('contents', {
      key: 'payment_guide',
      effective_from: '2026-11-01T00:00:00+08:00',
      body: '# 怎样支付\n\n先看 `<script>alert(1)</script>` 提示',
    });
    const { $ } = await page('/center/payment-guide');
    expect($('main h2').text()).toBe('怎样支付');
    expect($('main script')).toHaveLength(0);
    expect($('main').text()).toContain('<script>alert(1)</script>');
  });
});
