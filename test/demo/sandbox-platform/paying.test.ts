import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { until } from '../../until.js';
import { AtSandbox, Listener, RETURN } from './at-sandbox.js';

let at: AtSandbox;
let centre: Listener;

beforeEach(async () => {
  at = await AtSandbox.open();
  centre = await Listener.open();
  at.sandbox.notify(centre.address);
});

afterEach(async () => {
  await at.close();
  await centre.close();
});

const ORDER = '2026112200000101';

/** What the centre was told, once it was told as often. */
async function told(times: number) {
  await until(`${times} notifications`, () => centre.heard.length >= times);
  return centre.heard.map((raw) => at.platform.verify(raw, at.clock.now()));
}

describe('The page of an order', () => {
  it('The page of an order shows merchant, amount, title, number and the time left, and that it is a sandbox', async () => {
    const { status, text } = await at.phone(at.platform.create(at.order(), RETURN));
    const $ = load(text);
    expect(status).toBe(200);
    expect($('html').attr('lang')).toBe('zh-CN');
    expect($('meta[name=viewport]').attr('content')).toContain('width=device-width');
    expect($('.mark').text()).toContain('沙盒 · 演示');
    expect($('h1').text()).toBe('自学考试报考费');
    expect($('.fen').text()).toBe('¥ 90.00');
    expect($('dl').text()).toMatch(/北京教育考试院（演示商户）[\s\S]*2026112200000101[\s\S]*2026年11月22日 10:15:00[\s\S]*约 15 分钟/);
    const buttons = ['支付宝', '微信支付', '银联', '北京通', '支付失败', '离开', '付两次', '通知晚到', '通知发两次', '通知金额不对', '实收少一分', '平台停机'];
    expect(
      $('button')
        .toArray()
        .map((button) => $(button).text()),
    ).toEqual(buttons);
    expect($('script').length).toBe(0);
  });

  it('The page of an order shows the order’s values as text', async () => {
    const { text } = await at.phone(at.platform.create(at.order({ title: '<b>"费"</b>' }), RETURN));
    expect(load(text)('h1').text()).toBe('<b>"费"</b>');
  });

  it.each([
    ['another amount', (address: string) => address.replace('fen=9000', 'fen=1')],
    ['another merchant', (address: string) => address.replace('merchant=SANDBOX', 'merchant=OTHER')],
    ['another way back', (address: string) => address.replace('127.0.0.1%3A1', 'evil.example')],
    ['a field more', (address: string) => `${address}&discount=1`],
    ['a field twice', (address: string) => `${address}&fen=1`],
    ['a field less', (address: string) => address.replace(/title=[^&]*&/, '')],
    ['no signature', (address: string) => address.replace(/&signature=.*/, '')],
    ['a signature cut short', (address: string) => address.slice(0, -9)],
  ])('The page of an order is refused for an order with %s, and takes no money', async (_, changed) => {
    const address = changed(at.platform.create(at.order(), RETURN));
    expect((await at.phone(address)).status).toBe(400);
    expect((await at.phone(address, 'alipay')).status).toBe(400);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'unknown', payments: [] });
  });

  it('The page of an order is refused when the number was used for another amount', async () => {
    await at.phone(at.platform.create(at.order(), RETURN));
    expect((await at.phone(at.platform.create(at.order({ fen: 1 }), RETURN), 'alipay')).status).toBe(409);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'open', payments: [] });
  });

  it('The page of an order takes no money for an order that has ended', async () => {
    const address = at.platform.create(at.order(), RETURN);
    at.pass(900);
    const { status, text } = await at.phone(address);
    expect(status).toBe(410);
    expect(load(text)('main').text()).toContain('订单已结束');
    expect(load(text)('.back').attr('href')).toBe(RETURN);
    expect((await at.phone(address, 'alipay')).location).not.toBe(RETURN);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'closed', payments: [] });
  });
});

describe('A payment at the sandbox', () => {
  it.each(['alipay', 'wechat', 'unionpay', 'bjt'] as const)('A payment at the sandbox by %s is told, and is what the platform answers', async (channel) => {
    expect(await at.press(channel)).toMatchObject({ status: 303, location: RETURN });
    const [notification] = await told(1);
    const payment = { order: ORDER, transaction: expect.stringMatching(/^[A-Za-z\d]{8,64}$/), fen: 9_000, channel, paidAt: '2026-11-22T02:00:00.000Z' };
    expect(notification).toEqual({ kind: 'paid', payment });
    expect(await at.platform.query(ORDER)).toEqual({ state: 'paid', payments: [notification?.kind === 'paid' && notification.payment] });
  });

  it('A payment at the sandbox is taken once however often the button is pressed', async () => {
    const address = at.platform.create(at.order(), RETURN);
    const answers = await Promise.all(Array.from({ length: 5 }, () => at.phone(address, 'alipay')));
    expect(answers.map(({ location }) => location)).toEqual(Array(5).fill(RETURN));
    expect((await at.platform.query(ORDER)).payments.length).toBe(1);
    expect(load((await at.phone(address)).text)('h1').text()).toBe('订单已支付');
  });

  it('A payment at the sandbox that was abandoned stays open until the order ends, and is then closed and notified', async () => {
    expect(await at.press('leave')).toMatchObject({ status: 303, location: RETURN });
    expect(await at.platform.query(ORDER)).toEqual({ state: 'open', payments: [] });
    at.pass(900);
    expect(await told(1)).toEqual([{ kind: 'closed', order: ORDER }]);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'closed', payments: [] });
  });

  it('A payment at the sandbox that failed closes the order and is notified', async () => {
    expect(await at.press('fail')).toMatchObject({ status: 303, location: RETURN });
    expect(await told(1)).toEqual([{ kind: 'closed', order: ORDER }]);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'closed', payments: [] });
  });

  it('A payment at the sandbox made twice gives two payments of one order', async () => {
    await at.press('twice');
    const transactions = (await told(2)).map((each) => each.kind === 'paid' && each.payment.transaction);
    expect(new Set(transactions).size).toBe(2);
    const { payments } = await at.platform.query(ORDER);
    expect(new Set(payments.map(({ transaction }) => transaction))).toEqual(new Set(transactions));
  });

  it('A payment at the sandbox can be notified a minute late', async () => {
    await at.press('late notice');
    expect((await at.platform.query(ORDER)).state).toBe('paid');
    await at.press('alipay', { order: '2026112200000201' });
    expect(await told(1)).toMatchObject([{ payment: { order: '2026112200000201' } }]);
    at.pass(60);
    expect((await told(2))[1]).toMatchObject({ payment: { order: ORDER, paidAt: '2026-11-22T02:00:00.000Z' } });
  });

  it('A payment at the sandbox can be notified twice', async () => {
    await at.press('notice twice');
    const [one, other] = await told(2);
    expect(one).toEqual(other);
    expect((await at.platform.query(ORDER)).payments.length).toBe(1);
  });

  it('A payment at the sandbox can be notified with a wrong amount', async () => {
    await at.press('wrong notice');
    expect(await told(1)).toMatchObject([{ payment: { fen: 9_001 } }]);
    expect((await at.platform.query(ORDER)).payments).toMatchObject([{ fen: 9_000 }]);
  });

  it('A payment at the sandbox can be of another amount than the order’s', async () => {
    await at.press('other amount');
    expect(await told(1)).toMatchObject([{ payment: { fen: 8_999 } }]);
    expect((await at.platform.query(ORDER)).payments).toMatchObject([{ fen: 8_999 }]);
  });

  it('A payment at the sandbox is notified again with growing delays until the answer is success', async () => {
    centre.answers.push({ status: 500, text: 'success' }, { status: 200, text: 'fail' });
    await at.press('alipay');
    // each pause is longer than the last: time passes until one is over
    for (const times of [1, 2, 3]) await until(`notification ${times}`, () => centre.heard.length >= times || void at.pass(1));
    expect(new Set(centre.heard.map(({ body }) => Buffer.from(body).toString())).size).toBe(1);
    expect(new Set(centre.heard.map(({ headers }) => headers['payment-nonce'])).size).toBe(3);
    at.pass(86_400);
    await at.press('alipay', { order: '2026112200000201' });
    await until('the next order’s', () => centre.heard.length > 3);
    expect(centre.heard.length).toBe(4);
  });
});

describe('A sandbox platform that is down', () => {
  it('A sandbox platform that is down answers nobody for a minute, and loses nothing', async () => {
    await at.press('late notice');
    const down = await at.press('down', { order: '2026112200000201' });
    expect(down.status).toBe(303);
    expect((await at.phone(at.platform.create(at.order({ order: '2026112200000301' }), RETURN))).status).toBe(503);
    await expect(at.platform.query(ORDER)).rejects.toThrow(/503/);
    await expect(at.platform.refund({ transaction: 'SB00000000', order: ORDER, fen: 1 })).rejects.toThrow(/503/);
    at.pass(61);
    expect(await told(1)).toMatchObject([{ payment: { order: ORDER } }]);
    expect((await at.platform.query('2026112200000201')).state).toBe('open');
  });
});

describe('A restart of the sandbox platform', () => {
  it('A restart of the sandbox platform keeps orders, payments, refunds, pending notifications and its port', async () => {
    await at.press('late notice');
    const { payments } = await at.platform.query(ORDER);
    await at.platform.refund({ transaction: payments[0]?.transaction ?? '', order: ORDER, fen: 9_000 });
    await at.restart();
    at.sandbox.notify(centre.address);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'paid', payments });
    at.pass(60);
    expect(await told(1)).toEqual([{ kind: 'paid', payment: payments[0] }]);
    expect(await at.platform.refund({ transaction: payments[0]?.transaction ?? '', order: ORDER, fen: 9_000 })).toMatchObject({ state: 'done' });
  });
});
