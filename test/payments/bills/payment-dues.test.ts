import { describe, expect, it } from '@jest/globals';
import { paymentDues } from '../../../projections/payment-dues.js';
import { ExpireBill } from '../../../src/payments/bills/expire-bill.command.js';
import { payments } from '../../../src/payments/bills/payments.timer.js';
import { AskPayment } from '../../../src/payments/paying/ask-payment.command.js';
import { AskRefund } from '../../../src/payments/paying/ask-refund.command.js';
import type { PaymentEvent } from '../../../src/payments/payments.events.js';
import {
  at,
  begun,
  cancelled,
  corrected,
  doubted,
  doubtSettled,
  expired,
  failed,
  issued,
  order,
  paid,
  paidElsewhere,
  payment,
  recordedAs,
  refundAsked,
  refundDone,
  refundDue,
  refundDueElsewhere,
  refundRefused,
  refundRequested,
  reopened,
  terms,
  unresolved,
} from '../a-bill.js';
import { folded } from '../books.js';

const minutesOf = (instant: string | undefined) => (instant === undefined ? undefined : (Date.parse(instant) - Date.parse(at(0))) / 60_000);
const documentOf = (events: readonly PaymentEvent[], recorded = 0) =>
  folded(
    paymentDues,
    events.map((event, each) => recordedAs(event, each, at(recorded))),
  );
/** In minutes after the bill was issued. */
const next = (events: readonly PaymentEvent[], recorded = 0) => minutesOf(paymentDues.indexes?.at?.(documentOf(events, recorded)));
/** What is sent at a minute. */
const sent = (events: readonly PaymentEvent[], minute: number) => payments.commands(terms.bill, documentOf(events), at(minute));
const given = { id: 'command', at: at(0) };
const asked = (minute: number): PaymentEvent => ({ type: 'PaymentAsked', data: { candidateId: 'c1', bill: terms.bill, order: order(1), askedAt: at(minute) } });

describe('A doubted amount', () => {
  const doubt = doubted(payment(1, 5, { fen: 6001 }), 6);

  it('A doubted amount is queried at once, whether its order is still queried, has failed, or was never begun', () => {
    for (const before of [[issued, begun()], [issued, begun(), failed()], [issued]]) {
      expect(next([...before, doubt])).toBe(6);
      expect(sent([...before, doubt], 6).map(({ makeCommand }) => makeCommand(given))).toEqual([new AskPayment(given, order(1))]);
    }
  });
  it('A doubted amount is queried again with growing delays, for a day', () => {
    expect(next([issued, begun(), doubt, asked(6)])).toBeCloseTo(6 + 20 / 60);
    expect(next([issued, begun(), doubt, asked(1_400)])).toBe(6 + 24 * 60);
    expect(next([issued, begun(), doubt, unresolved])).toBeUndefined();
  });
  it('A doubted amount is queried again after it became a task, when the platform reports another amount', () =>
    expect(next([issued, begun(), doubt, unresolved, doubted(payment(1, 5, { fen: 1 }), 2_000)])).toBe(2_000));
  it('A doubted amount keeps the bill from expiring until it is settled', () => {
    expect(sent([issued, begun(), failed(), doubt, asked(60)], 60).map(({ makeCommand }) => makeCommand(given))).not.toContainEqual(
      new ExpireBill(given, terms.bill),
    );
    expect(next([issued, begun(), failed(), doubt, doubtSettled()])).toBe(60);
    expect(next([issued, begun(), doubt, failed()])).toBe(60);
    expect(next([issued, begun(), doubt, paid(payment(1, 5))])).toBeUndefined();
  });
});

describe('The deadline of a bill', () => {
  it('The deadline of a bill falls due at its moment', () => {
    expect(next([issued])).toBe(60);
    expect(sent([issued], 59.9)).toEqual([]);
    expect(sent([issued], 60).map(({ makeCommand }) => makeCommand(given))).toEqual([new ExpireBill(given, terms.bill)]);
  });
  it('The deadline of a bill moves with the bill', () => expect(next([issued, corrected({ dueBy: at(90) })])).toBe(90));
  it('The deadline of a bill waits for orders that may still be paid', () => {
    expect(sent([issued, begun(1, 50, at(60)), asked(60)], 60)).toEqual([]);
    expect(next([issued, begun(1, 50), failed()])).toBe(60);
    expect(next([issued, begun(1, 50), refundDue(payment(1, 61), 'late'), refundRequested(61), refundDone])).toBe(60);
  });
  it('The deadline of a bill waits for an order that is a task of the office', () => {
    expect(next([issued, begun(), unresolved])).toBeUndefined();
    expect(sent([issued, begun(), unresolved], 5_000)).toEqual([]);
    expect(next([issued, begun(), unresolved, failed()])).toBe(60);
  });
  it.each<[string, PaymentEvent[]]>([
    ['paid', [issued, begun(), paid(payment(1, 5))]],
    ['paid elsewhere', [issued, paidElsewhere(5)]],
    ['expired', [issued, expired]],
    ['cancelled', [issued, cancelled]],
    ['never due', [issued, corrected({ dueBy: undefined })]],
  ])('The deadline of a bill never falls due for a bill that is %s', (_, events) => {
    expect(next(events)).toBeUndefined();
    expect(sent(events, 5_000)).toEqual([]);
  });
  it('The deadline of a bill falls due under another id when the bill is due again', () => {
    const first = payments.commands(terms.bill, documentOf([issued]), at(70));
    const second = payments.commands(
      terms.bill,
      folded(paymentDues, [recordedAs(issued, 0, at(60)), recordedAs(expired, 1, at(60)), recordedAs(reopened, 2, at(65))]),
      at(70),
    );
    expect(second).toHaveLength(1);
    expect(second[0]?.name).not.toBe(first[0]?.name);
  });
});

describe('An open order', () => {
  it('An open order is queried soon, then rarely, for a day, and once when it can no longer be paid', () => {
    const moments: (number | undefined)[] = [];
    const events = [issued, corrected({ dueBy: undefined }), begun()];
    for (let moment = next(events); moment !== undefined; moment = next(events)) {
      moments.push(moment);
      events.push(asked(moment));
    }
    const seconds = moments.map((minute) => (minute ?? 0) * 60).map(Math.round);
    expect(seconds.slice(0, 8)).toEqual([20, 45, 90, 180, 360, 600, 965, 1_800]);
    expect(moments.slice(8)).toEqual([60, 120, 240, 480, 960, 1_440]);
  });
  it('An open order is queried once after several missed times', () => expect(next([issued, begun(), asked(100)])).toBe(120));
  it('An open order is queried by its number', () => {
    const [ask, ...others] = sent([issued, begun()], 1);
    expect(ask?.makeCommand(given)).toEqual(new AskPayment(given, order(1)));
    expect(others).toEqual([]);
  });
  it('An open order is queried again under another id', () => {
    const names = [sent([issued, begun()], 1), sent([issued, begun(), asked(0.4)], 1)].map(([ask]) => ask?.name);
    expect(new Set(names).size).toBe(2);
  });
  it.each<[string, PaymentEvent]>([
    ['has paid', paid(payment(1, 5))],
    ['was not paid', failed()],
    ['brought money that goes back', refundDueElsewhere(7)],
  ])('An open order that %s is not queried any more', (_, event) => {
    const ended = event.type === 'RefundDue' ? refundDue(payment(1, 61), 'late') : event;
    expect(documentOf([issued, begun(), ended]).orders).toEqual([]);
  });
  it('An open order is queried separately from others of the same bill', () =>
    expect(documentOf([issued, begun(), failed(), begun(2, 20)]).orders.map((each) => each.order)).toEqual([order(2)]));
});

describe('A refund that is due', () => {
  const due = [issued, begun(), paid(payment(1, 5)), refundDue(payment(1, 6), 'duplicate')];

  it('A refund that is due is requested at once', () => {
    expect(next(due, 7)).toBe(7);
    const [ask] = payments.commands(terms.bill, documentOf(due, 7), at(7));
    expect(ask?.makeCommand(given)).toEqual(new AskRefund(given, terms.bill, 'T0000001'));
  });
  it('A refund that is due is requested again with growing delays and then once a day', () => {
    const events = [...due, refundRequested(10)];
    const moments: (number | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      const moment = next(events);
      moments.push(moment);
      events.push(refundAsked(moment ?? 0));
    }
    expect(moments).toEqual([11, 20, 70, 370, 370 + 1_440, 370 + 2_880]);
  });
  it('A refund that is due is not requested any more once it is done or refused', () => {
    expect(next([...due, refundRequested(10), refundDone])).toBeUndefined();
    expect(next([...due, refundRequested(10), refundRefused])).toBeUndefined();
  });
  it('A refund that is due of money that the PC system took is not requested at the platform', () =>
    expect(next([issued, begun(), paid(payment(1, 5)), refundDueElsewhere(7)])).toBeUndefined());
});
