import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { Sandbox } from '../../demo/sandbox-platform/sandbox.js';
import { tasks } from '../../projections/tasks.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { AskPayment } from '../../src/payments/ask-payment.command.js';
import { NotificationOutcomes } from '../../src/payments/notification-outcomes.js';
import { ReadModels } from '../../src/read-models/read-models.js';
import { TestCentre } from '../centre.js';
import { until } from '../until.js';
import { facts, shown } from './shown.js';

const ACCOUNT = '119912345601';
const OTHER = '119912345602';

let folder: string;
let sandbox: Sandbox;
let centre: TestCentre;
let cookie: string;
/** A bill of this test alone: of 30 yuan, due tomorrow. */
let bill: string;
let billed = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paying-'));
  sandbox = await Sandbox.start({ folder, now: () => centre.clock.now() });
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { ...sandbox.settings });
  await centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' });
  await centre.rows('periods', {
    period: '2704',
    name: '2027年4月',
    enrolment_opens: '2026-11-01T00:00:00+08:00',
    exam_starts: '2027-04-10',
    exam_ends: '2027-04-11',
  });
  for (const account of [ACCOUNT, OTHER]) await centre.candidate(account);
  await centre.rows('enrolments', { admission_no: ACCOUNT, period: '2704', course: '03708', state: 'enrolled' });
  await centre.application.listen(0, '127.0.0.1');
});

beforeEach(async () => {
  pass(3_600);
  sandbox.notify(await centre.application.getUrl());
  bill = await newBill();
  cookie = await centre.signIn(ACCOUNT);
});

afterAll(async () => {
  await sandbox.close();
  await centre.close();
  rmSync(folder, { recursive: true });
});

async function newBill(given: Readonly<Record<string, string>> = {}): Promise<string> {
  const bill_no = String(20_261_120_000_000 + ++billed);
  const terms = { period: '2704', kind: 'enrolment', state: 'due', amount_fen: '3000', items: '03708:3000' };
  const when = { created_at: '2026-11-20T20:12:00+08:00', due_by: later(31 * 60) };
  await centre.rows('payments', { bill_no, admission_no: ACCOUNT, ...terms, ...when, ...given });
  return bill_no;
}

/** The instant so many minutes from now. */
const later = (minutes: number) => new Date(centre.clock.time.getTime() + minutes * 60_000).toISOString();
const pass = (seconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + seconds * 1_000);
};
const page = async (url = `/center/bills/${bill}`) => {
  await centre.settled();
  return centre.ask(url, { cookie });
};
const press = (of = bill, form: Readonly<Record<string, string>> = {}) => centre.ask(`/center/payments/${of}`, { cookie, form: { _: '', ...form } });
/** Presses the button and goes where it leads. */
const leave = async (form: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { status, headers } = await press(bill, form);
  expect({ status, origin: new URL(String(headers.location)).origin }).toEqual({ status: 303, origin: sandbox.settings.PAYMENT_PLATFORM_URL });
  await fetch(String(headers.location));
  return String(headers.location);
};
const atPlatform = (address: string, button: string) => fetch(address, { method: 'POST', body: new URLSearchParams({ do: button }), redirect: 'manual' });
const orderOf = (address: string) => new URL(address).searchParams.get('order');
const events = async (of = bill) => {
  const [history = []] = await centre.get(EventStore).streams([`bill-${of}`]);
  return history.map(({ type }) => type);
};
const recorded = (type: string, times = 1) => until(`${times} ${type}`, async () => (await events()).filter((each) => each === type).length >= times);
const ask = (order: string) => {
  const given = { id: crypto.randomUUID(), at: centre.clock.now().toISOString() };
  return causedBy({ by: 'payments', origin: 'reaction', correlation: given.id }, () => centre.get(CommandBus).execute(new AskPayment(given, order)));
};
const counted = () => [...centre.get(NotificationOutcomes).counted().values()].reduce((sum, times) => sum + times, 0);
const alerts = ($: Awaited<ReturnType<typeof page>>['$']) => shown($, 'main [role=status] .alert, main [role=status] h2');

describe('paying a bill', () => {
  it('leads to the platform and back, and shows at once that it is paid and by what', async () => {
    expect((await page('/center/payments')).$(`form[action="/center/payments/${bill}"] button`).text()).toContain('去支付');
    const address = await leave();
    const { headers } = (await atPlatform(address, 'wechat')) as unknown as { headers: Headers };
    expect(headers.get('location')).toMatch(/\/payments\/return\?order=\d{16}$/);
    await recorded('BillPaid');
    const back = await centre.ask(new URL(String(headers.get('location'))).pathname + new URL(String(headers.get('location'))).search, { cookie });
    expect(back.headers.location).toBe(`/center/bills/${bill}?asked=0`);
    const { $ } = await page(`/center/bills/${bill}?asked=0`);
    expect(alerts($)).toEqual(['已支付。']);
    expect(shown($, 'h2 .tag')).toEqual(['完成交易']);
    expect(facts($).交易时间).toMatch(/^2026年11月22日 \d\d:00$/);
    expect(shown($, 'main dd').filter((each) => each.includes('微信'))).toEqual(['支付成功（微信支付）']);
    expect($('main form, [hx-get]').length).toBe(0);
    expect(shown((await page('/center/courses')).$, 'main').join()).toContain('已缴费');
    expect((await page('/center/payments')).text).toContain('没有待缴的费用');
  });

  it('pressed twice, in two tabs or on two phones is one order, signed for the bill and until the deadline at most', async () => {
    const [one, two] = [await leave(), await leave()];
    expect(new URL(two).search).toBe(new URL(one).search);
    expect(await events()).toEqual(['BillIssued', 'PaymentBegun']);
    const fields = new URL(one).searchParams;
    expect(Object.fromEntries(['fen', 'order', 'begun', 'ends', 'title'].map((name) => [name, fields.get(name)]))).toEqual({
      ...{ fen: '3000', order: `${bill}01`, begun: later(0), ends: later(15) },
      title: '笔试课程报考缴费 2027年4月 · 2704期',
    });
  });

  it('left without paying is 处理中 and can be gone on with; once the platform says no it can be begun anew', async () => {
    const address = await leave();
    const waiting = await page();
    expect(shown(waiting.$, 'h2 .tag')).toEqual(['处理中']);
    expect(waiting.$('main form button').text()).toContain('继续支付');
    expect(waiting.$('a[href$="/cancel"]').length).toBe(0);
    pass(17 * 60);
    expect((await page()).$('main form').length).toBe(0);
    await ask(`${bill}01`);
    expect(await events()).toEqual(['BillIssued', 'PaymentBegun', 'PaymentFailed']);
    expect(alerts((await page()).$)).toEqual(['上次支付没有完成，没有扣款。']);
    expect(alerts((await page(`/center/bills/${bill}?asked=1`)).$)).toEqual(['未支付。没有扣款，可以重新支付。']);
    const anew = await leave();
    expect([orderOf(address), orderOf(anew)]).toEqual([`${bill}01`, `${bill}02`]);
  });

  it('whose earlier order nobody has an answer for is asked for first when the button is pressed', async () => {
    const address = await leave();
    sandbox.notify('http://127.0.0.1:1'); // what it tells does not arrive
    await atPlatform(address, 'alipay');
    pass(16 * 60);
    const { status, headers } = await press();
    expect([status, headers.location]).toEqual([303, `/center/bills/${bill}?asked=0`]);
    expect(await events()).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it('stays 处理中 where the platform does not answer, and is never begun a second time then', async () => {
    await leave();
    pass(16 * 60);
    sandbox.platform.goDown();
    const { headers } = await press();
    expect(headers.location).toBe(`/center/bills/${bill}?asked=0`);
    expect((await page(`/center/bills/${bill}?asked=0`)).$('h2').first().text()).toBe('支付处理中');
    expect(await events()).toEqual(['BillIssued', 'PaymentBegun']);
  });

  it('twice at the platform is one payment, and one that is given back', async () => {
    await atPlatform(await leave(), 'twice');
    await recorded('RefundDue');
    const { $ } = await page();
    expect(shown($, 'h2 .tag')).toEqual(['完成交易']);
    expect(alerts($)).toEqual(['退款处理中：30 元。这张账单已经付过，这一笔是重复支付。会原路退回，不用另外申请。']);
  });

  it('that the PC system took again says which of the two goes back', async () => {
    await atPlatform(await leave(), 'alipay');
    await recorded('BillPaid');
    await newBill({ bill_no: bill, state: 'paid', paid_at: later(5) });
    const { $ } = await page();
    expect(shown($, 'h2 .tag')).toEqual(['完成交易']);
    expect(alerts($)).toEqual(['退款处理中：30 元。这张账单已经付过，电脑端收的这一笔是重复支付。会原路退回，不用另外申请。']);
  });

  it('with another amount than the order is given back, and the bill is still to be paid', async () => {
    await atPlatform(await leave(), 'other amount');
    await recorded('RefundDue');
    const { $ } = await page();
    expect(shown($, 'h2 .tag')).toEqual(['待缴费']);
    const refund = '退款处理中：29.99 元。这一笔的金额与账单不符。会原路退回，不用另外申请。';
    expect(alerts($)).toEqual([refund]);
    expect(alerts((await page(`/center/bills/${bill}?asked=0`)).$)).toEqual(['未支付，可以重新支付。', refund]);
    expect($('main form button').text()).toContain('去支付');
  });

  it('warns before it leaves when the deadline is near, and the order ends at the deadline', async () => {
    bill = await newBill({ due_by: later(7.5) });
    expect((await page()).text).toContain('离缴费截止还有 8 分钟');
    const { status, text, $ } = await press();
    expect(status).toBe(200);
    expect(text).toContain('离缴费截止还有 8 分钟。请马上付款');
    expect($('input[name=hurried]').val()).toBe('yes');
    expect(await events()).toEqual(['BillIssued']);
    expect(new URL(await leave({ hurried: 'yes' })).searchParams.get('ends')).toBe(later(7.5));
  });

  it('begins nothing for a bill of another candidate, one that nobody issued and one that is paid', async () => {
    const paid = await newBill({ state: 'paid', paid_at: '2026-11-20T20:13:00+08:00' });
    const others = await newBill({ admission_no: OTHER });
    const before = await centre.get(EventStore).head();
    for (const unknown of [others, '20269999999999', 'constructor']) expect((await press(unknown)).status).toBe(404);
    expect((await press(paid)).headers.location).toBe(`/center/bills/${paid}?asked=0`);
    expect(await centre.get(EventStore).head()).toBe(before);
  });

  it('begins nothing after the deadline, by a link or from another site', async () => {
    expect((await centre.ask(`/center/payments/${bill}`, { cookie })).headers.location).toBe(`/center/bills/${bill}`);
    const forged = await centre.ask(`/center/payments/${bill}`, {
      cookie,
      form: {},
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect(forged.status).toBe(403);
    bill = await newBill({ due_by: later(1) });
    pass(60);
    expect((await press()).headers.location).toBe(`/center/bills/${bill}?asked=0`);
    expect(shown((await page(`/center/bills/${bill}?asked=0`)).$, 'h2 .tag')).toEqual(['已过期']);
    expect(await events()).toEqual(['BillIssued']);
  });

  it('in a mini-program says where to pay, with the address to copy', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 MicroMessenger/8.0 miniProgram/wx1234' };
    const { $, text } = await centre.ask(`/center/bills/${bill}`, { cookie, headers });
    expect(text).toContain('请在手机浏览器打开');
    expect(text).toContain(`/center/bills/${bill}`);
    expect($('main form').length).toBe(0);
    expect((await centre.ask('/center/payments', { cookie, headers })).text).toContain('请在手机浏览器打开');
    expect((await centre.ask(`/center/payments/${bill}`, { cookie, headers, form: {} })).headers.location).toBe(`/center/bills/${bill}`);
    expect(await events()).toEqual(['BillIssued']);
  });

  it('lets a form of ours lead to the platform and nowhere else', async () => {
    const { headers } = await page();
    expect(String(headers['content-security-policy'])).toContain(`form-action 'self' ${sandbox.settings.PAYMENT_PLATFORM_URL};`);
    expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
  });
});

describe('a bill that waits for its result', () => {
  it('asks again by itself, each time later, and then says where to look', async () => {
    await leave();
    await centre.settled();
    const asked: string[] = [];
    let address: string | undefined = `/center/bills/${bill}?asked=0`;
    let last = '';
    while (address !== undefined) {
      const { $, text } = await centre.part(address, cookie);
      address = $('#bill').attr('hx-get');
      if (address) asked.push(String($('#bill').attr('hx-trigger')));
      last = text;
    }
    expect(asked).toEqual([2, 3, 5, 8, 13, 20, 30].map((seconds) => `load delay:${seconds}s`));
    expect(last).toContain('请稍后在账单查看');
  });

  it.each(['99', '-1', 'x', ''])('does not ask by itself where the address says %j', async (asked) => {
    await leave();
    expect((await page(`/center/bills/${bill}?asked=${asked}`)).$('[hx-get]').length).toBe(0);
  });
});

describe('cancelling a bill', () => {
  it('is asked once more, and then the bill is not to be paid any more', async () => {
    expect((await page()).$('a[href$="/cancel"]').text()).toBe('不缴了，取消账单');
    const { $ } = await page(`/center/bills/${bill}/cancel`);
    expect($('main form').attr('action')).toBe(`/center/bills/${bill}/cancel`);
    const answer = await centre.ask(`/center/bills/${bill}/cancel`, { cookie, form: {} });
    expect([answer.status, answer.headers.location]).toEqual([303, `/center/bills/${bill}`]);
    const after = await page();
    expect(shown(after.$, 'h2 .tag')).toEqual(['已取消']);
    expect(after.$('main form').length).toBe(0);
    expect((await centre.ask(`/center/bills/${bill}/cancel`, { cookie, form: {} })).status).toBe(303);
    expect(await events()).toEqual(['BillIssued', 'BillCancelled']);
    expect((await press()).headers.location).toContain(`/center/bills/${bill}`);
  });

  it('waits while it is being paid', async () => {
    await leave();
    expect((await page(`/center/bills/${bill}/cancel`)).text).toContain('这张账单正在支付，现在不能取消。');
    const { status, text } = await centre.ask(`/center/bills/${bill}/cancel`, { cookie, form: {} });
    expect([status, text.includes('支付平台还没有给出结果')]).toEqual([422, true]);
  });

  it('is for a bill of the candidate alone', async () => {
    const others = await newBill({ admission_no: OTHER });
    for (const unknown of [others, '20269999999999']) {
      expect((await centre.ask(`/center/bills/${unknown}/cancel`, { cookie })).status).toBe(404);
      expect((await centre.ask(`/center/bills/${unknown}/cancel`, { cookie, form: {} })).status).toBe(404);
    }
    expect(await events(others)).toEqual(['BillIssued']);
  });
});

describe('coming back from the platform', () => {
  it('leads to the bill, also when the platform posts across sites and no cookie comes', async () => {
    const order = `${bill}01`;
    expect((await centre.ask(`/payments/return?order=${order}`, { cookie })).headers.location).toBe(`/center/bills/${bill}?asked=0`);
    const posted = await centre.ask('/payments/return', {
      form: { order },
      headers: { 'sec-fetch-site': 'cross-site', origin: sandbox.settings.PAYMENT_PLATFORM_URL },
    });
    expect([posted.status, posted.headers.location]).toEqual([303, `/payments/return?order=${order}`]);
    const bodies: readonly [type: string, body: string][] = [
      ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="order"\r\n\r\n${order}\r\n--x--`],
      ['application/json', JSON.stringify({ paid: true, order })],
      ['text/xml', `<order>${order}</order>`],
      ['nonsense', `order=${order}`],
    ];
    for (const [type, payload] of bodies) {
      const answer = await centre.application.inject({
        method: 'POST',
        url: '/payments/return',
        headers: { 'content-type': type, origin: 'https://pay.example' },
        payload,
      });
      const to = type === 'nonsense' ? '/payments/return' : `/payments/return?order=${order}`; // which is no type at all
      expect([type, answer.statusCode, answer.headers.location]).toEqual([type, 303, to]);
    }
    const large = { method: 'POST', url: `/payments/return?order=${order}`, payload: 'x'.repeat(100_000), headers: { 'content-type': 'text/plain' } } as const;
    expect((await centre.application.inject(large)).headers.location).toBe(`/payments/return?order=${order}`);
  });

  it('without a session says so and keeps the bill as return address', async () => {
    const order = `${bill}01`;
    const { status, text, $ } = await centre.ask(`/payments/return?order=${order}`);
    expect([status, text.includes('登录以后查看')]).toEqual([200, true]);
    expect($('main a.btn').attr('href')).toBe(`/login?to=${encodeURIComponent(`/center/bills/${bill}?asked=0`)}`);
  });

  it.each(['', '?order=', '?order=https://evil.example', '?order=<b>', '?order=2026112000000101&order=x', `?order=${'1'.repeat(9_000)}`])(
    'with %j leads to all bills, and changes nothing',
    async (query) => {
      const before = await centre.get(EventStore).head();
      expect((await centre.ask(`/payments/return${query}`, { cookie })).headers.location).toBe('/center/bills');
      expect(await centre.get(EventStore).head()).toBe(before);
    },
  );
});

describe('what the platform tells', () => {
  it('of an order that nobody began becomes a task of the office', async () => {
    const begunAt = centre.clock.now().toISOString();
    const order = { order: '2026999999999901', fen: 500, title: '别的', begun: begunAt, ends: new Date(centre.clock.now().getTime() + 600_000).toISOString() };
    sandbox.platform.arrive({ ...order, returnTo: 'http://127.0.0.1:1/' } as never);
    sandbox.platform.pay({ ...order, returnTo: 'http://127.0.0.1:1/' } as never, 'alipay', 'once');
    await until('a task', async () => (await centre.get(ReadModels).list(tasks, 'open', undefined, 10)).length === 1);
    const [task] = await centre.get(ReadModels).list(tasks, 'open', undefined, 10);
    expect(task?.document).toMatchObject({ kind: 'unknown_order', proposal: 'refund', about: { order: '2026999999999901', fen: 500, channel: 'alipay' } });
  });

  it('twice is recorded once, and both are answered success', async () => {
    const outcomes = centre.get(NotificationOutcomes);
    const repeated = outcomes.counted().get('repeated') ?? 0;
    await atPlatform(await leave(), 'notice twice');
    await until('both', () => (outcomes.counted().get('repeated') ?? 0) > repeated);
    expect(outcomes.counted().get('repeated')).toBe(repeated + 1);
    expect(await events()).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it.each([
    ['without a signature', {}, '{}'],
    ['with a body that is no JSON', { 'payment-signature': 'x' }, 'not json'],
    ['with no body', {}, ''],
    ['larger than any', {}, 'x'.repeat(20_000)],
  ])('%s is refused, counted, and records nothing', async (_, headers, payload) => {
    const before = await centre.get(EventStore).head();
    const already = counted();
    for (const type of ['application/json', 'text/xml', 'nonsense']) {
      const answer = await centre.application.inject({ method: 'POST', url: '/payments/notify', headers: { 'content-type': type, ...headers }, payload });
      expect([400, 413, 415]).toContain(answer.statusCode);
      expect(answer.body).not.toContain('success');
    }
    expect(counted()).toBe(already + 3);
    expect(await centre.get(EventStore).head()).toBe(before);
  });
});

describe('where no platform is set', () => {
  it('says where paying is done, and begins nothing', async () => {
    const without = await TestCentre.open('2026-11-22T02:00:00.000Z');
    try {
      await without.candidate(ACCOUNT);
      const row = { bill_no: bill, admission_no: ACCOUNT, period: '2704', kind: 'enrolment', state: 'due', amount_fen: '3000', items: '03708:3000' };
      await without.rows('payments', { ...row, created_at: '2026-11-20T20:12:00+08:00', due_by: '2026-11-23T17:00:00+08:00' });
      const own = await without.signIn(ACCOUNT);
      const { text, $ } = await without.ask(`/center/bills/${bill}`, { cookie: own });
      expect(text).toContain('缴费目前在电脑端办理');
      expect($('main form').length).toBe(0);
      expect((await without.ask(`/center/payments/${bill}`, { cookie: own, form: {} })).headers.location).toBe(`/center/bills/${bill}`);
    } finally {
      await without.close();
    }
  });
});
