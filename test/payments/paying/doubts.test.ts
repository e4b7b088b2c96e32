import { describe, it } from '@jest/globals';
import { bill, cancelBill, expireBill } from '../../../src/payments/bills/bill.decider.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { closeOrder, recordOrderStatus } from '../../../src/payments/paying/order-status.decider.js';
import { beginPayment, noteAsked, recordNotifiedEnd, recordNotifiedPayment, takePayment } from '../../../src/payments/paying/payment.decider.js';
import type { PaymentEvent } from '../../../src/payments/payments.events.js';
import type { OrderStatus, Payment } from '../../../src/payments/platform/payment-platform.js';
import { given } from '../../given.js';
import {
  asked,
  at,
  begun,
  contradicted,
  corrected,
  doubted,
  doubtSettled,
  failed,
  issued,
  order,
  paid,
  payment,
  refundDue,
  terms,
  unresolved,
} from '../a-bill.js';

const right = payment(1, 5);
const wrong = payment(1, 5, { fen: 6001 });
const doubt = doubted(wrong, 6);

describe("A notification whose amount differs from the order's", () => {
  const notifies = (before: PaymentEvent[], told: Payment = wrong) => given(bill, before).when((state) => recordNotifiedPayment(state, told, at(6)));

  it('A notification whose amount differs from the order’s is doubted: it neither pays the bill nor causes a refund', () =>
    notifies([issued, begun()]).then([doubt]));
  it('A notification whose amount differs from the order’s is doubted once, however often it is repeated', () => notifies([issued, begun(), doubt]).then([]));
  it('A notification whose amount differs from the order’s is doubted once for each amount', () =>
    notifies([issued, begun(), doubt], payment(1, 5, { fen: 1 })).then([doubted(payment(1, 5, { fen: 1 }), 6)]));
  it('A notification whose amount differs from the order’s is doubted after the right one has paid the bill', () =>
    notifies([issued, begun(), paid(right)]).then([doubt]));
  it('A notification whose amount differs from the order’s is doubted although the platform had said that nothing was paid', () =>
    notifies([issued, begun(), failed()]).then([doubt]));
  it('A notification whose amount differs from the order’s is doubted for an order that is not known', () => notifies([issued]).then([doubt]));
  it("A notification whose amount differs from the order's becomes a payment when its amount is the order's after all", () =>
    notifies([issued, begun()], right).then([paid(right)]));
  it('A notification whose amount differs from the order’s pays the bill when the right one comes after the wrong one', () =>
    notifies([issued, begun(), doubt], right).then([paid(right)]));
  it("A notification whose amount differs from the order's causes a refund when it has the order's amount and the bill was corrected since", () =>
    notifies([issued, begun(), corrected({ fen: 3000 })], right).then([refundDue(right, 'wrong_amount')]));
});

describe('While an amount is doubted', () => {
  const begin = (before: PaymentEvent[]) => given(bill, before).when((state) => beginPaymentOf(state));
  const refused = ['payment.checking', { bill: terms.bill }] as const;

  it('While an amount is doubted, nothing can be paid, not even by the open order', () => begin([issued, begun(), doubt]).refuses(...refused));
  it('While an amount is doubted, nothing can be paid after an order that had failed', () => begin([issued, begun(), failed(), doubt]).refuses(...refused));
  it('While an amount is doubted, the bill cannot be cancelled', () =>
    given(bill, [issued, begun(), failed(), doubt])
      .when((state) => cancelBill(state, 'c1', at(20)))
      .refuses(...refused));
  it('While an amount is doubted, the bill does not expire', () =>
    given(bill, [issued, begun(), failed(), doubt])
      .when((state) => expireBill(state, at(70)))
      .then([]));
  it('While an amount is doubted, a notification that the order has ended is left to the answer', () =>
    given(bill, [issued, begun(), doubt])
      .when((state) => recordNotifiedEnd(state, order(1), at(16)))
      .then([]));
  it('While an amount is doubted, the daily file decides: the right amount pays the bill, another is refunded', () => {
    given(bill, [issued, begun(), doubt])
      .when((state) => takePayment(state, right))
      .then([paid(right)]);
    given(bill, [issued, begun(), doubt])
      .when((state) => takePayment(state, wrong))
      .then([refundDue(wrong, 'wrong_amount')]);
  });
});

describe("The platform's answer about a doubted order", () => {
  const answers = (before: PaymentEvent[], standing: OrderStatus, minute = 16) =>
    given(bill, before).when((state) => recordOrderStatus(state, order(1), standing, at(minute)));
  const paidBy = (...payments: Payment[]): OrderStatus => ({ state: 'paid', payments });
  const said = contradicted({ order: order(1), said: 'failed', transaction: wrong.transaction, fen: wrong.fen });

  it('The platform’s answer about a doubted order pays the bill where only the notification was wrong', () =>
    answers([issued, begun(), doubt], paidBy(right)).then([paid(right)]));
  it('The platform’s answer about a doubted order causes a refund where another amount really was paid', () =>
    answers([issued, begun(), doubt], paidBy(wrong)).then([refundDue(wrong, 'wrong_amount')]));
  it('The platform’s answer about a doubted order ends the doubt where the books are right already', () =>
    answers([issued, begun(), paid(right), doubt], paidBy(right)).then([doubtSettled()]));
  it('The platform’s answer about a doubted order ends the doubt and makes a task where the platform confirms another amount than the books have', () =>
    answers([issued, begun(), paid(right), doubt], paidBy(wrong)).then([
      contradicted({ order: order(1), said: 'another_amount', transaction: wrong.transaction, fen: wrong.fen }),
      doubtSettled(),
    ]));
  it('The platform’s answer about a doubted order does not end the doubt about a payment that it does not list', () =>
    answers([issued, begun(), paid(right), doubted(payment(1, 5, { transaction: 'T0000009', fen: 1 }), 6)], paidBy(right)).then([asked(1, 16)]));
  it('The platform’s answer about a doubted order that nothing is known yet keeps the doubt', () =>
    answers([issued, begun(), doubt], { state: 'open', payments: [] }).then([asked(1, 16)]));
  it('The platform’s answer about a doubted order that nothing was paid allows a new payment, and makes a task', () => {
    answers([issued, begun(), doubt], { state: 'closed', payments: [] }).then([failed(), said]);
    answers([issued, begun(), failed(), doubt], { state: 'closed', payments: [] }).then([said, doubtSettled()]);
    answers([issued, begun(), paid(right), doubt], { state: 'closed', payments: [] }).then([
      contradicted({ order: order(1), said: 'failed' }),
      said,
      doubtSettled(),
    ]);
  });
  it('The platform’s answer about a doubted order that never comes makes a task, and the office can close the order', () => {
    const close = (before: PaymentEvent[]) => given(bill, before).when((state) => closeOrder(state, order(1), at(16)));
    close([issued, begun(), doubt, unresolved]).then([failed()]);
    close([issued, begun(), failed(), doubt, unresolved]).then([doubtSettled()]);
    close([issued, doubt, unresolved]).then([doubtSettled()]);
    close([issued, begun(), paid(right), doubt]).then([doubtSettled()]);
    close([issued, begun()]).then([failed()]);
  });
  it('The platform’s answer about a doubted order that never comes makes a task after a day, and is not asked for any more', () => {
    const day = 24 * 60 + 6;
    given(bill, [issued, begun(), doubt])
      .when((state) => noteAsked(state, order(1), at(day - 1)))
      .then([asked(1, day - 1)]);
    given(bill, [issued, begun(), failed(), doubt])
      .when((state) => noteAsked(state, order(1), at(day)))
      .then([{ ...unresolved, data: { ...unresolved.data, askedAt: at(day) } } as PaymentEvent]);
    given(bill, [issued, begun(), failed(), doubt, unresolved])
      .when((state) => noteAsked(state, order(1), at(day)))
      .then([]);
  });
});

function beginPaymentOf(state: Parameters<typeof beginPayment>[0]) {
  return beginPayment(state, new BeginPayment({ id: 'command', at: at(10) }, terms.bill, 'c1'));
}
