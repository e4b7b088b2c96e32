import { describe, expect, it } from '@jest/globals';
import { paymentDues } from '../../../projections/payment-dues.js';
import { bill } from '../../../src/payments/bills/bill.decider.js';
import { payments } from '../../../src/payments/bills/payments.timer.js';
import { AskPayment } from '../../../src/payments/paying/ask-payment.command.js';
import { AskRefund } from '../../../src/payments/paying/ask-refund.command.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { beginPayment, noteAsked } from '../../../src/payments/paying/payment.decider.js';
import type { PaymentEvent } from '../../../src/payments/payments.events.js';
import { given } from '../../given.js';
import { at, begun, doubted, issued, order, payment, recordedAs, refundAsked, refundDue, refundRequested, terms, unresolved } from '../a-bill.js';
import { folded } from '../books.js';

const DAY = 24 * 60;
const command = { id: 'command', at: at(0) };
const documentOf = (events: readonly PaymentEvent[], recorded: number) =>
  folded(
    paymentDues,
    events.map((event, each) => recordedAs(event, each, at(recorded))),
  );
/** What is sent at a minute after the clock said another. */
const sent = (events: readonly PaymentEvent[], minute: number, recorded = 0) =>
  payments.commands(terms.bill, documentOf(events, recorded), at(minute)).map(({ makeCommand }) => makeCommand(command));
const asked = (minute: number): PaymentEvent => ({ type: 'PaymentAsked', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(minute) } });
const ask = new AskPayment(command, order(1));
const refund = new AskRefund(command, terms.bill, 'T0000001');

describe('After a clock was set back by a day', () => {
  it('After a clock was set back by a day, an order begun before is queried at once, then at the usual times, for a day', () => {
    const before = [issued, begun(1, 2)];
    expect(sent(before, 2 - DAY)).toContainEqual(ask);
    expect(sent([...before, asked(2 - DAY)], 2 - DAY)).not.toContainEqual(ask);
    expect(sent([...before, asked(2 - DAY)], 2.5 - DAY)).toContainEqual(ask);
    const day = (minute: number) => given(bill, [...before, asked(2 - DAY)]).when((state) => noteAsked(state, order(1), at(minute)));
    day(1).then([{ type: 'PaymentAsked', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(1) } }]);
    day(2).then([{ type: 'PaymentUnresolved', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(2) } }]);
  });

  it('After a clock was set back by a day, a doubted amount is queried at once, and for a day', () => {
    const before = [issued, begun(1, 2), doubted(payment(1, 5, { fen: 6001 }), 6)];
    expect(sent(before, 6 - DAY)).toContainEqual(ask);
    given(bill, [...before, asked(6 - DAY)])
      .when((state) => noteAsked(state, order(1), at(6)))
      .then([{ type: 'PaymentUnresolved', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(6) } }]);
  });

  it('After a clock was set back by a day, an order that is a task of the office is not queried any more', () =>
    expect(sent([issued, begun(1, 2), unresolved], 2 - DAY)).toEqual([]));

  it('After a clock was set back by a day, a refund is requested at once, and queried at the usual times', () => {
    const due = [issued, begun(), refundDue(payment(1, 5, { fen: 1 }), 'wrong_amount')];
    expect(sent(due, 5 - DAY, 5)).toContainEqual(refund);
    expect(sent([...due, refundRequested(5)], 5 - DAY, 5)).toContainEqual(refund);
    const again = [...due, refundRequested(5), refundAsked(5 - DAY)];
    expect(sent(again, 5 - DAY, 5)).not.toContainEqual(refund);
    expect(sent(again, 6 - DAY, 5)).toContainEqual(refund);
  });

  it('After a clock was set back by a day, an order that has ended by the platform’s time cannot be paid any more, and the platform is asked for its outcome', () => {
    const begin = (minute: number) =>
      given(bill, [issued, begun(1, 2)]).when((state) => beginPayment(state, new BeginPayment({ id: 'command', at: at(minute) }, terms.bill, 'c1')));
    begin(2).then([]);
    begin(2 - DAY).refuses('payment.unresolved', { bill: terms.bill });
  });
});
