import type { Recorded } from '../../src/event-store/event.js';
import type { BillTerms, PaymentEvent, RefundReason } from '../../src/payments/payments.events.js';
import type { Payment } from '../../src/payments/platform/payment-platform.js';

/** Minutes after the bill was issued, as an instant. */
export const at = (minutes: number) => new Date(Date.parse('2026-10-24T01:00:00.000Z') + minutes * 60_000).toISOString();

/** Due an hour after it was issued. */
export const terms: BillTerms = {
  candidateId: 'c1',
  bill: '90000000000001',
  kind: 'enrolment',
  period: '2704',
  lines: [
    { code: '00015', fen: 3000 },
    { code: '00018', fen: 3000 },
  ],
  fen: 6000,
  createdAt: at(0),
  dueBy: at(60),
};
const of = { candidateId: 'c1', bill: terms.bill } as const;
export const ofBill = { ...of, kind: 'enrolment', period: '2704', codes: ['00015', '00018'] } as const;
export const order = (attempt: number) => `${terms.bill}0${attempt}`;

export const issued: PaymentEvent = { type: 'BillIssued', data: terms };
export const corrected = (changes: Partial<BillTerms>): PaymentEvent => ({ type: 'BillCorrected', data: { ...terms, ...changes } });
/** An order begun, to be paid within 15 minutes and by the deadline. */
export const begun = (attempt = 1, minute = 0, endsAt = at(minute + 15)): PaymentEvent => ({
  type: 'PaymentBegun',
  data: { ...of, order: order(attempt), fen: 6000, begunAt: at(minute), endsAt },
});
export const failed = (attempt = 1, minute = 16): PaymentEvent => ({ type: 'PaymentFailed', data: { ...of, order: order(attempt), failedAt: at(minute) } });
export const unresolved: PaymentEvent = { type: 'PaymentUnresolved', data: { ...of, order: order(1), askedAt: at(24 * 60) } };
export const expired: PaymentEvent = { type: 'BillExpired', data: { ...ofBill, happenedAt: at(60), here: true } };
export const cancelled: PaymentEvent = { type: 'BillCancelled', data: { ...ofBill, here: true } };
export const reopened: PaymentEvent = { type: 'BillReopened', data: ofBill };
/** What the PC system reports. */
export const paidElsewhere = (minute: number): PaymentEvent => ({ type: 'BillPaid', data: { ...ofBill, happenedAt: at(minute) } });
export const refundedElsewhere: PaymentEvent = { type: 'BillRefunded', data: { ...ofBill, happenedAt: undefined } };

/** Money for an order at a minute. */
export const payment = (attempt: number, minute: number, { transaction = `T000000${attempt}`, fen = 6000 } = {}): Payment => ({
  order: order(attempt),
  transaction,
  fen,
  channel: 'wechat',
  paidAt: at(minute),
});
export const paid = ({ order, transaction, channel, paidAt }: Payment): PaymentEvent => ({
  type: 'BillPaid',
  data: { ...ofBill, happenedAt: paidAt, order, transaction, channel },
});
export const refundDue = ({ order, transaction, fen, channel, paidAt }: Payment, why: RefundReason): PaymentEvent => ({
  type: 'RefundDue',
  data: { ...of, order, transaction, fen, channel, paidAt, why },
});
export const refundDueElsewhere = (minute: number): PaymentEvent => ({
  type: 'RefundDue',
  data: { ...of, fen: 6000, paidAt: at(minute), why: 'paid_elsewhere' },
});
const refund = { ...of, transaction: 'T0000001', fen: 6000 };
export const refundRequested = (minute: number): PaymentEvent => ({ type: 'RefundRequested', data: { ...refund, requestedAt: at(minute) } });
export const refundAsked = (minute: number): PaymentEvent => ({ type: 'RefundAsked', data: { ...refund, askedAt: at(minute) } });
export const refundDone: PaymentEvent = { type: 'RefundDone', data: { ...refund, refundedAt: at(90) } };
export const refundRefused: PaymentEvent = { type: 'RefundRefused', data: { ...refund, refusedAt: at(91), why: 'too old' } };
export const doubted = ({ order, transaction, fen, channel, paidAt }: Payment, minute: number): PaymentEvent => ({
  type: 'PaymentDoubted',
  data: { ...of, order, transaction, fen, channel, paidAt, toldAt: at(minute) },
});
export const asked = (attempt: number, minute: number): PaymentEvent => ({ type: 'PaymentAsked', data: { ...of, order: order(attempt), askedAt: at(minute) } });
export const doubtSettled = (attempt = 1, minute = 16): PaymentEvent => ({
  type: 'DoubtSettled',
  data: { ...of, order: order(attempt), settledAt: at(minute) },
});
export const contradicted = (what: { order: string; said: 'failed' | 'another_amount'; transaction?: string; fen?: number }): PaymentEvent => ({
  type: 'PaymentContradicted',
  data: { ...of, ...what },
});

/** The event as the log holds it at an index, recorded at an instant. */
export function recordedAs(event: PaymentEvent, index: number, recordedAt: string): Recorded {
  const position = String(index).padStart(4, '0');
  const metadata = { command: position, correlation: 'test', by: 'test', origin: 'person' } as const;
  return { ...event, id: position, stream: `bill-${terms.bill}`, revision: index, position, recordedAt, metadata };
}
