import { describe, expect, it, jest } from '@jest/globals';
import { causedBy } from '../../../src/event-store/cause.js';
import { bill } from '../../../src/payments/bills/bill.decider.js';
import { BeginPayment, BeginPaymentHandler } from '../../../src/payments/paying/begin-payment.command.js';
import { beginPayment, failPayment, noteAsked, takePayment } from '../../../src/payments/paying/payment.decider.js';
import type { PaymentEvent, RefundReason } from '../../../src/payments/payments.events.js';
import { billStream } from '../../../src/payments/payments.streams.js';
import { given } from '../../given.js';
import {
  at,
  begun,
  cancelled,
  contradicted,
  corrected,
  expired,
  failed,
  issued,
  order,
  paid,
  paidElsewhere,
  payment,
  refundDue,
  refundDueElsewhere,
  refundedElsewhere,
  terms,
  unresolved,
} from '../a-bill.js';
import { KeptEvents } from '../kept-events.js';

const paying = paid(payment(1, 5));
const cause = { by: 'visitor', origin: 'person', correlation: 'of a test' } as const;

describe('Beginning to pay', () => {
  const begin = (before: PaymentEvent[], minute = 0, candidate = 'c1') =>
    given(bill, before).when((state) => beginPayment(state, new BeginPayment({ id: 'command', at: at(minute) }, terms.bill, candidate)));

  it('Beginning to pay opens an order for 15 minutes', () => begin([issued]).then([begun()]));
  it('Beginning to pay opens an order that ends with the deadline', () => begin([issued], 50).then([begun(1, 50, at(60))]));
  it('Beginning to pay continues the open order on a second click', () => begin([issued, begun()], 14).then([]));
  it('Beginning to pay opens another once the platform has said that the first was not paid', () =>
    begin([issued, begun(), failed()], 20).then([begun(2, 20)]));
  it('Beginning to pay opens another after a payment of another amount', () =>
    begin([issued, begun(), refundDue(payment(1, 5, { fen: 100 }), 'wrong_amount')], 20).then([begun(2, 20)]));
  it('Beginning to pay never reuses the order of a payment, even if its beginning was lost', () =>
    begin([issued, refundDue(payment(1, 5), 'unknown_order')], 20).then([begun(2, 20)]));
  it('Beginning to pay waits for the platform’s status of an order that has ended', () =>
    begin([issued, begun()], 15).refuses('payment.unresolved', { bill: terms.bill }));
  it('Beginning to pay waits for the end of an order of another amount', () =>
    begin([issued, begun(), corrected({ fen: 3000 })], 5).refuses('payment.unresolved', { bill: terms.bill }));
  it('Beginning to pay is refused after 99 attempts', () => {
    const often = Array.from({ length: 99 }, (_, each): PaymentEvent[] => {
      const number = `${terms.bill}${String(each + 1).padStart(2, '0')}`;
      return [begun(), failed()].map((event) => ({ ...event, data: { ...event.data, order: number } }) as PaymentEvent);
    });
    begin([issued, ...often.flat()], 30).refuses('payment.too_often', { bill: terms.bill });
  });
  it.each<[string, PaymentEvent[], number, string]>([
    ['paid', [issued, begun(), paying], 10, 'bill.paid'],
    ['expired', [issued, expired], 70, 'bill.expired'],
    ['past its deadline', [issued], 60, 'bill.expired'],
    ['cancelled', [issued, cancelled], 10, 'bill.cancelled'],
    ['refunded', [issued, paidElsewhere(1), refundedElsewhere], 10, 'bill.refunded'],
  ])('Beginning to pay is refused when the bill is %s', (_, before, minute, code) => begin(before, minute).refuses(code, { bill: terms.bill }));
  it('Beginning to pay answers with the order that is open, and reads the bill again only for a repeated command', async () => {
    const events = new KeptEvents(() => at(0));
    await events.append([
      { stream: billStream(terms.bill, 'c1'), expected: 'no_stream', events: [{ ...issued, id: 'e1', metadata: { ...cause, command: 'e' } }] },
    ]);
    const handler = new BeginPaymentHandler(events);
    const click = (id: string, minute: number) => causedBy(cause, () => handler.execute(new BeginPayment({ id, at: at(minute) }, terms.bill, 'c1')));
    const streams = jest.spyOn(events, 'streams');
    const open = { order: order(1), fen: 6000, begunAt: at(0), endsAt: at(15), state: 'open' };
    expect(await click('first', 0)).toMatchObject({ recorded: 1, attempt: open });
    expect(await click('second', 1)).toMatchObject({ recorded: 0, attempt: open });
    expect(streams).toHaveBeenCalledTimes(2);
    expect(await click('first', 2)).toMatchObject({ recorded: 0, attempt: open });
    expect(streams).toHaveBeenCalledTimes(4);
  });
  it("Beginning to pay is refused for another candidate's bill as if there were none", () => {
    begin([issued, paying], 10, 'c2').refuses('bill.unknown');
    begin([]).refuses('bill.unknown');
  });
});

describe('A payment at the platform', () => {
  const takes = (before: PaymentEvent[], money = payment(1, 5)) => given(bill, before).when((state) => takePayment(state, money));

  it('A payment at the platform pays the bill', () => takes([issued, begun()]).then([paying]));
  it('A payment at the platform pays the bill once, however often it is reported', () => takes([issued, begun(), paying]).then([]));
  it('A payment at the platform counts by its time of payment, however late it is reported', () =>
    takes([issued, begun(1, 50)], payment(1, 59.99)).then([paid(payment(1, 59.99))]));
  it('A payment at the platform pays the bill although the platform had said that nothing was paid', () => takes([issued, begun(), failed()]).then([paying]));
  it('A payment at the platform pays an expired bill when it was in time', () => takes([issued, begun(), failed(), expired]).then([paying]));
  it('A payment at the platform pays the bill while a second order is open', () =>
    takes([issued, begun(), failed(), begun(2, 20)], payment(1, 21)).then([paid(payment(1, 21))]));
  it('A payment at the platform is refunded once, however often it is reported', () =>
    takes([issued, begun(), refundDue(payment(1, 61), 'late')], payment(1, 61)).then([]));

  const again = payment(1, 6, { transaction: 'T0000009' });
  it.each<[string, PaymentEvent[], ReturnType<typeof payment>, RefundReason]>([
    ['twice for one order', [issued, begun(), paying], again, 'duplicate'],
    ['for another order of a paid bill', [issued, begun(), failed(), begun(2, 20), paying], payment(2, 21), 'duplicate'],
    ['at the deadline or later', [issued, begun(1, 50)], payment(1, 60), 'late'],
    ['after the bill expired', [issued, begun(), failed(), expired], payment(1, 61), 'late'],
    [
      'after it expired without a deadline',
      [issued, corrected({ dueBy: undefined }), begun(), { ...expired, data: { ...expired.data, here: undefined } } as PaymentEvent],
      payment(1, 5),
      'late',
    ],
    ['of another amount', [issued, begun()], payment(1, 5, { fen: 5999 }), 'wrong_amount'],
    ['of what the bill was before it was corrected', [issued, begun(), corrected({ fen: 3000 })], payment(1, 5), 'wrong_amount'],
    ['of what the bill is now, and the order was not', [issued, begun(), corrected({ fen: 3000 })], payment(1, 5, { fen: 3000 }), 'wrong_amount'],
    ['for a cancelled bill', [issued, begun(), failed(), cancelled], payment(1, 5), 'cancelled'],
    ['for a refunded bill', [issued, begun(), paidElsewhere(1), refundedElsewhere], payment(1, 5), 'cancelled'],
    ['for an order that nobody began', [issued], payment(1, 5), 'unknown_order'],
    ['after the PC system took it', [issued, begun(), paidElsewhere(4)], payment(1, 5), 'paid_elsewhere'],
    ['at the moment at which the PC system took it', [issued, begun(), paidElsewhere(5)], payment(1, 5), 'paid_elsewhere'],
  ])('A payment at the platform is refunded when it came %s', (_, before, money, why) => takes(before, money).then([refundDue(money, why)]));

  it('A payment at the platform pays the bill when it was made before the one at the PC system, which is refunded', () =>
    takes([issued, begun(), paidElsewhere(7)]).then([refundDueElsewhere(7), paying]));
  it('A payment at the platform that was made twice before the one at the PC system has its second one refunded', () =>
    takes([issued, begun(), paidElsewhere(7), refundDueElsewhere(7), paying], again).then([refundDue(again, 'duplicate')]));
  it('A payment at the platform with two amounts becomes one task of the office', () => {
    const said = { order: order(1), said: 'another_amount', transaction: 'T0000001', fen: 100 } as const;
    const other = payment(1, 5, { fen: 100 });
    takes([issued, begun(), paying], other).then([contradicted(said)]);
    takes([issued, begun(), paying, contradicted(said)], other).then([]);
    takes([issued, begun(), paying, contradicted({ order: order(1), said: 'failed' })], other).then([contradicted(said)]);
  });
  it('A payment at the platform is refused for a bill that was never issued', () => takes([]).refuses('bill.unknown'));
});

describe('When the platform says that nothing was paid', () => {
  const says = (before: PaymentEvent[], attempt = 1) => given(bill, before).when((state) => failPayment(state, order(attempt), at(16)));

  it('When the platform says that nothing was paid, the order has failed', () => says([issued, begun()]).then([failed()]));
  it('When the platform says that nothing was paid and repeats it, that is recorded once', () => says([issued, begun(), failed()]).then([]));
  it('When the platform says that nothing was paid after it did not know for a day, the order has failed', () =>
    says([issued, begun(), unresolved]).then([failed()]));
  it('When the platform says that nothing was paid for one order, the other stays open', () =>
    says([issued, begun(), failed(), begun(2, 20)], 2).then([failed(2)]));
  it('When the platform says that nothing was paid after it had reported a payment, the contradiction becomes one task of the office', () => {
    const said = contradicted({ order: order(1), said: 'failed' });
    says([issued, begun(), paying]).then([said]);
    says([issued, begun(), refundDue(payment(1, 61), 'late')]).then([said]);
    says([issued, begun(), paying, said]).then([]);
  });
  it('When the platform says that nothing was paid for an order that was never begun, nothing is recorded', () => says([issued]).then([]));
  it('When the platform says that nothing was paid for a bill that was never issued, that is refused', () => says([]).refuses('bill.unknown'));
});

describe('When the platform does not know the outcome yet', () => {
  const asked = (before: PaymentEvent[], minute = 1) => given(bill, before).when((state) => noteAsked(state, order(1), at(minute)));
  const noted: PaymentEvent = { type: 'PaymentAsked', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(1) } };

  it('When the platform does not know the outcome yet, the query is recorded', () => asked([issued, begun()]).then([noted]));
  it('When the platform does not know the outcome yet for a day, the order becomes a task of the office', () =>
    asked([issued, begun()], 24 * 60).then([unresolved]));
  it('When the platform does not know the outcome yet and repeats that after a day, the task is recorded once', () =>
    asked([issued, begun(), unresolved], 3_000).then([]));
  it('When the platform does not know the outcome yet although the outcome is recorded already, nothing is recorded', () => {
    asked([issued, begun(), failed()]).then([]);
    asked([issued, begun(), paying]).then([]);
    asked([issued]).then([]);
  });
});
