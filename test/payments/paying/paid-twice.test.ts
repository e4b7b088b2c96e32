import { describe, it } from '@jest/globals';
import type { Given } from '../../../src/event-store/decider.js';
import { bill } from '../../../src/payments/bills/bill.decider.js';
import { RecordBill } from '../../../src/payments/bills/record-bill.command.js';
import type { BillState } from '../../../src/payments/bills/record-bill.decider.js';
import { recordBill } from '../../../src/payments/bills/record-bill.decider.js';
import type { BillTerms, PaymentEvent } from '../../../src/payments/payments.events.js';
import { given } from '../../given.js';
import {
  at,
  begun,
  cancelled,
  corrected,
  expired,
  failed,
  issued,
  ofBill,
  paid,
  paidElsewhere,
  payment,
  refundDone,
  refundDue,
  refundDueElsewhere,
  refundedElsewhere,
  reopened,
  terms,
} from '../a-bill.js';

const row: Given = { id: 'row', at: at(2_000), assertsState: true };
const paidHere = [issued, begun(), paid(payment(1, 5))];
const reports = (before: PaymentEvent[], state: BillState, minute?: number, changes: Partial<BillTerms> = {}) =>
  given(bill, before).when((known) => recordBill(known, new RecordBill(row, { ...terms, ...changes }, state, minute === undefined ? undefined : at(minute))));
const otherCourse = { lines: [{ code: '03708', fen: 6000 }] };

describe('Of a bill that was paid here the PC system', () => {
  it.each<BillState>(['due', 'expired', 'cancelled', 'refunded'])(
    'Of a bill that was paid here the PC system does not know the payment, and reports it as %s: it stays paid',
    (state) => reports(paidHere, state).then([]),
  );
  it('Of a bill that was paid here the PC system reports the same payment as the platform: nothing changes', () => reports(paidHere, 'paid', 5).then([]));
  it("Of a bill that was paid here the PC system reports the platform's payment in whole seconds: nothing changes", () =>
    reports([issued, begun(), paid(payment(1, 5.005))], 'paid', 5).then([]));
  it('Of a bill that was paid here the PC system reports another, later payment, which is refunded', () =>
    reports(paidHere, 'paid', 7).then([refundDueElsewhere(7)]));
  it('Of a bill that was paid here the PC system reports the later payment again, and it is refunded once', () =>
    reports([...paidHere, refundDueElsewhere(7)], 'paid', 7).then([]));
  it('Of a bill that was paid here the PC system reports the later payment with another time, and it is refunded once', () => {
    reports([...paidHere, refundDueElsewhere(7)], 'paid', 8).then([]);
    reports([...paidHere, refundDueElsewhere(7)], 'paid', 2).then([]);
  });
  it('Of a bill that was paid here the PC system has refunded its payment', () => {
    const done: PaymentEvent = { type: 'RefundDone', data: { candidateId: 'c1', bill: terms.bill, fen: 6000 } };
    reports([...paidHere, refundDueElsewhere(7)], 'refunded', 7).then([done]);
    reports([...paidHere, refundDueElsewhere(7), done], 'refunded', 7).then([]);
    reports([...paidHere, refundDueElsewhere(7), done], 'paid', 7).then([]);
    reports([...paidHere, refundDueElsewhere(7), done], 'paid', 9).then([refundDueElsewhere(9)]);
  });
  it('Of a bill that was paid here the PC system reports an earlier payment: ours is refunded, and the bill is paid there', () =>
    reports(paidHere, 'paid', 2).then([refundDueOfOurs, paidElsewhere(2)]));
  it('Of a bill that was paid here the PC system reports an earlier payment again: it is recorded once', () =>
    reports([...paidHere, refundDueOfOurs, paidElsewhere(2)], 'paid', 2).then([]));
  it('Of a bill that was paid here the PC system reports an earlier payment for another course: both are reported to those who count paid courses', () =>
    reports(paidHere, 'paid', 2, otherCourse).then([
      refundDueOfOurs,
      reopened,
      corrected(otherCourse),
      { type: 'BillPaid', data: { ...ofBill, codes: ['03708'], happenedAt: at(2) } },
    ]));
  it('Of a bill that was paid here the PC system corrects what the bill is for: it stays for what was paid', () => {
    reports(paidHere, 'due', undefined, otherCourse).then([]);
    reports(paidHere, 'due', undefined, { lines: [{ code: '03708', fen: 3000 }], fen: 3000 }).then([]);
  });
  it('Of a bill that was paid here the PC system corrects the other terms, once', () => {
    reports(paidHere, 'due', undefined, { dueBy: at(90) }).then([corrected({ dueBy: at(90) })]);
    reports([...paidHere, corrected({ dueBy: at(90) })], 'due', undefined, { dueBy: at(90) }).then([]);
  });
  it('Of a bill that was paid here the PC system reports a payment after its own was refunded, with another refund of ours still under way', () =>
    reports([...paidHere, refundDue(payment(2, 6), 'duplicate')], 'paid', 7).then([refundDueElsewhere(7)]));

  const { channel: _, ...ours } = (refundDue(payment(1, 5), 'paid_elsewhere') as PaymentEvent & { type: 'RefundDue' }).data;
  const refundDueOfOurs: PaymentEvent = { type: 'RefundDue', data: ours };
});

describe('Of a bill that was cancelled here the PC system', () => {
  it.each<BillState>(['due', 'expired', 'cancelled'])(
    'Of a bill that was cancelled here the PC system does not know the cancellation, and reports the bill as %s: it stays cancelled',
    (state) => reports([issued, cancelled], state).then([]),
  );
  it('Of a bill that was cancelled here the PC system reports a payment: it is paid', () =>
    reports([issued, cancelled], 'paid', 7).then([reopened, paidElsewhere(7)]));
  it('Of a bill that was cancelled here the PC system reports a refunded payment: it is refunded', () =>
    reports([issued, cancelled], 'refunded', 7).then([reopened, paidElsewhere(7), refundedElsewhere]));
  it('Of a bill that was cancelled here the PC system corrects what the bill was for', () =>
    reports([issued, cancelled], 'due', undefined, otherCourse).then([corrected(otherCourse)]));
  it('Of a bill that was cancelled here the PC system does not know a payment that came too late', () =>
    reports([issued, begun(), failed(), cancelled, refundDue(payment(1, 5), 'cancelled'), refundDone], 'due').then([]));
});

describe('Of a bill that expired here the PC system', () => {
  it.each<BillState>(['due', 'expired', 'cancelled'])('Of a bill that expired here the PC system reports it as %s: it stays expired', (state) =>
    reports([issued, expired], state).then([]),
  );
  it('Of a bill that expired here the PC system reports a payment: it is paid', () =>
    reports([issued, expired], 'paid', 59).then([reopened, paidElsewhere(59)]));
  it('Of a bill that expired here the PC system reports a later deadline: it is due again', () =>
    reports([issued, expired], 'due', undefined, { dueBy: at(90) }).then([reopened, corrected({ dueBy: at(90) })]));
  it('Of a bill that expired here the PC system reports that there is no deadline any more: it is due again', () =>
    reports([issued, expired], 'due', undefined, { dueBy: undefined }).then([reopened, corrected({ dueBy: undefined })]));
  it('Of a bill that expired here the PC system reports an earlier deadline: it stays expired', () =>
    reports([issued, expired], 'due', undefined, { dueBy: at(30) }).then([corrected({ dueBy: at(30) })]));
});

it('A correction of the amount of a bill that the PC system took corrects the amount paid', () =>
  reports([issued, paidElsewhere(2), corrected({ fen: 5000 }), begun(1, 1), refundDueElsewhere(2), paid(payment(1, 1))], 'paid', 2).then([]));
