import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Attempt, Bill, BillRefund } from '../../../projections/bills.js';
import { timelineOf } from '../../../src/payments/bills/bill-timeline.view.js';

/** Seconds after the bill was issued, as an instant. */
const at = (seconds: number) => new Date(Date.parse('2026-10-24T01:00:00.000Z') + seconds * 1_000).toISOString();
const attempt = (number: number, begun: number, state: Attempt['state']): Attempt => ({
  order: `9000000000000${number}`,
  begunAt: at(begun),
  endsAt: at(begun + 900),
  state,
});
const refund = (number: number, paid: number, done?: number): BillRefund => ({
  transaction: `T${number}`,
  fen: 100,
  why: 'wrong_amount',
  paidAt: at(paid),
  state: done === undefined ? 'due' : 'done',
  doneAt: done === undefined ? undefined : at(done),
});
const bill = (given: Partial<Bill>): Bill => ({
  bill: '90000000000001',
  kind: 'enrolment',
  period: '2704',
  lines: [{ code: '00015', fen: 3_000 }],
  fen: 3_000,
  createdAt: at(0),
  state: 'paid',
  transaction: 'T9',
  channel: 'wechat',
  ...given,
});
const steps = (given: Partial<Bill>) => timelineOf(bill(given)).map(({ what }) => what);
const MONEY = '收到一笔款项：这一笔的金额与账单不符';

describe('The history of a bill', () => {
  it("The history of a bill lists a payment after its order was opened although the platform's clock is behind", () =>
    expect(steps({ attempts: [attempt(1, 10, 'paid')], paidAt: at(9) })).toEqual(['生成账单', '发起支付', '支付成功（微信支付）']));

  it('The history of a bill lists a payment after its order was opened although the platform gives whole seconds', () =>
    expect(steps({ attempts: [attempt(1, 10.6, 'paid')], paidAt: '2026-10-24T01:00:10Z' })).toEqual(['生成账单', '发起支付', '支付成功（微信支付）']));

  it('The history of a bill begins with the bill although an import gives a later time for it', () =>
    expect(steps({ createdAt: at(100), attempts: [attempt(1, 10, 'paid')], paidAt: at(20) })).toEqual(['生成账单', '发起支付', '支付成功（微信支付）']));

  it('The history of a bill lists each of two payments after the opening of its own order', () =>
    expect(steps({ attempts: [attempt(1, 10, 'paid'), attempt(2, 60, 'paid')], refunds: [refund(1, 30, 90)], paidAt: at(59) })).toEqual([
      ...['生成账单', '发起支付', MONEY, '发起支付', '支付成功（微信支付）', '已退款'],
    ]));

  it('The history of a bill lists both payments of one order before the next order is opened', () =>
    expect(steps({ attempts: [attempt(1, 10, 'paid'), attempt(2, 60, 'paid')], refunds: [refund(1, 9), refund(2, 40)], paidAt: at(70) })).toEqual([
      ...['生成账单', '发起支付', MONEY, MONEY, '发起支付', '支付成功（微信支付）'],
    ]));

  it('The history of a bill lists a refund after its payment and a receipt after the payment, whatever their times', () =>
    expect(
      steps({
        attempts: [attempt(1, 10, 'failed'), attempt(2, 60, 'paid')],
        refunds: [refund(1, 80, 79)],
        paidAt: at(70),
        receipt: { code: '1', number: '2', checkCode: '3', issuedAt: at(-3_600) },
      }),
    ).toEqual(['生成账单', '发起支付，没有支付成功', '发起支付', '支付成功（微信支付）', '开具电子票据', MONEY, '已退款']));

  it('The history of a bill says that a bill expired at its deadline, also at a midnight', () =>
    expect(
      timelineOf(bill({ state: 'expired', transaction: undefined, attempts: [attempt(1, 10, 'failed')], endedAt: '2026-10-24T16:00:00.000Z' })).at(-1),
    ).toEqual({
      at: '2026-10-24T16:00:00.000Z',
      what: '过期',
      lapsed: true,
    }));

  it('The history of a bill is in the order in which things happened, whatever the order of recording and the delay of the platform’s clock', () => {
    const orders = fc.array(fc.record({ pays: fc.boolean(), takes: fc.integer({ min: 1, max: 600 }), idle: fc.integer({ min: 1, max: 600 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(orders, fc.nat({ max: 3 }), fc.func(fc.nat()), (all, behind, mixed) => {
        let now = 0;
        const attempts: Attempt[] = [];
        const refunds: BillRefund[] = [];
        const truth = ['生成账单'];
        for (const [index, { pays, takes, idle }] of all.entries()) {
          now += idle;
          attempts.push(attempt(index, now, pays ? 'paid' : 'failed'));
          truth.push(pays ? '发起支付' : '发起支付，没有支付成功');
          now += takes;
          if (pays) refunds.push(refund(index, now - behind));
          if (pays) truth.push(MONEY);
        }
        const recorded = refunds.toSorted((one, other) => mixed(one.transaction) - mixed(other.transaction));
        expect(steps({ state: 'due', transaction: undefined, channel: undefined, attempts, refunds: recorded })).toEqual(truth);
      }),
    );
  });
});
