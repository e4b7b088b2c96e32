import { describe, expect, it } from '@jest/globals';
import { type Bill, bills } from '../../../projections/bills.js';
import { projectionsFor } from '../../../src/composition/known/projections.js';
import type { Event } from '../../../src/event-store/event.js';
import type { PaymentEvent, Receipt } from '../../../src/payments/payments.events.js';
import { documentOf } from '../../decided.js';
import {
  at,
  begun,
  cancelled,
  corrected,
  failed,
  issued,
  order,
  paid,
  paidElsewhere,
  payment,
  refundDone,
  refundDue,
  refundDueElsewhere,
  refundRefused,
  refundRequested,
  reopened,
  terms,
} from '../a-bill.js';

const shown = (...events: readonly Event[]) => documentOf(bills, events)?.[terms.bill] as Bill;
const receipt: Receipt = { code: '11010124', number: '0012345678', checkCode: 'a1b2c3', issuedAt: at(200) };
const receiptIssued: PaymentEvent = { type: 'ReceiptIssued', data: { candidateId: 'c1', bill: terms.bill, ...receipt } };
const again = payment(1, 6, { transaction: 'T0000001' });

describe('The document of a bill has', () => {
  it('The document of a bill has each attempt and its outcome', () => {
    const attempt = { order: order(1), begunAt: at(0), endsAt: at(15) };
    expect(shown(issued, begun()).attempts).toEqual([{ ...attempt, state: 'open' }]);
    expect(shown(issued, begun(), failed()).attempts).toEqual([{ ...attempt, state: 'failed' }]);
    expect(shown(issued, begun(), failed(), begun(2, 20), paid(payment(2, 21))).attempts?.map(({ state }) => state)).toEqual(['failed', 'paid']);
    expect(shown(issued, begun(1, 50), refundDue(payment(1, 61), 'late')).attempts?.map(({ state }) => state)).toEqual(['paid']);
  });
  it('The document of a bill has the channel of its payment', () =>
    expect(shown(issued, begun(), paid(payment(1, 5)))).toMatchObject({ state: 'paid', paidAt: at(5), channel: 'wechat', transaction: 'T0000001' }));
  it('The document of a bill has the time of a payment at the PC system, and no channel', () =>
    expect(shown(issued, begun(), paid(payment(1, 5)), refundDue(payment(1, 5), 'paid_elsewhere'), paidElsewhere(2))).toMatchObject({
      state: 'paid',
      paidAt: at(2),
      channel: undefined,
      transaction: undefined,
    }));
  it('The document of a bill has the time at which it ended', () =>
    expect(shown(issued, { ...cancelled, data: { ...cancelled.data, happenedAt: at(9) } } as PaymentEvent)).toMatchObject({
      state: 'cancelled',
      endedAt: at(9),
    }));
  it('The document of a bill has each refund and its state', () => {
    const due = [issued, begun(), paid(payment(1, 5, { transaction: 'T0000002' })), refundDue(again, 'duplicate')];
    const refund = { transaction: 'T0000001', fen: 6000, why: 'duplicate', paidAt: at(6) };
    expect(shown(...due).refunds).toEqual([{ ...refund, state: 'due' }]);
    expect(shown(...due, refundRequested(7)).refunds).toEqual([{ ...refund, state: 'requested' }]);
    expect(shown(...due, refundRequested(7), refundDone).refunds).toEqual([{ ...refund, state: 'done', doneAt: at(90) }]);
    expect(shown(...due, refundRequested(7), refundRefused).refunds).toEqual([{ ...refund, state: 'refused' }]);
    expect(shown(...due).state).toBe('paid');
  });
  it('The document of a bill has each refund of the PC system', () => {
    const done: PaymentEvent = { type: 'RefundDone', data: { candidateId: 'c1', bill: terms.bill, fen: 6000, refundedAt: at(90) } };
    const { refunds } = shown(issued, begun(), paid(payment(1, 5)), refundDueElsewhere(7), done, refundDueElsewhere(9));
    expect(refunds?.map(({ state, doneAt }) => [state, doneAt])).toEqual([
      ['done', at(90)],
      ['due', undefined],
    ]);
  });
  it('The document of a bill has its receipt', () => expect(shown(issued, begun(), paid(payment(1, 5)), receiptIssued).receipt).toEqual(receipt));
  it('The document of a bill has its payment, refunds and receipt still after a correction', () => {
    const before = shown(issued, begun(), paid(payment(1, 5)), refundDueElsewhere(7), receiptIssued);
    expect(shown(issued, begun(), paid(payment(1, 5)), refundDueElsewhere(7), receiptIssued, corrected({ dueBy: at(90) }))).toEqual({
      ...before,
      dueBy: at(90),
    });
  });
  it('The document of a bill has its attempts and refunds, but no channel, when it is due again', () => {
    const after = shown(issued, begun(), paid(payment(1, 5)), refundDue(payment(1, 5), 'paid_elsewhere'), paidElsewhere(2), reopened);
    expect(after).toMatchObject({ state: 'due', paidAt: undefined, transaction: undefined, channel: undefined });
    expect([after.attempts?.length, after.refunds?.length]).toEqual([1, 1]);
  });
});

it('A document of the first version is read without attempts, refunds and receipt', () => {
  const events = [issued, begun(), failed(), paidElsewhere(5)];
  const first = projectionsFor({}).find(({ name, version }) => name === 'bills' && version === 1);
  const lifted = first?.lift?.(documentOf(first, events)) as Record<string, Bill>;
  const { attempts, refunds, receipt: none, channel, transaction, ...rest } = shown(...events);
  expect(attempts).toHaveLength(1);
  expect(lifted[terms.bill]).toEqual(rest);
});
