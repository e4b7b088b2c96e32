import type { PaymentEvent } from '../src/payments/payments.events.js';
import { projection } from '../src/read-models/projection.js';

/** What falls due of a bill by itself: its deadline, orders to ask for, refunds to ask for. Instants in UTC. */
export interface PaymentDues {
  readonly dueBy?: string | undefined;
  /** Since when it is unpaid: a bill that is reopened after its deadline expires once more. */
  readonly unpaidSince?: string | undefined;
  readonly orders: readonly { readonly order: string; readonly endsAt: string; readonly askAt: string; readonly begunAt: string }[];
  readonly refunds: readonly { readonly transaction: string; readonly askAt: string; readonly requestedAt?: string }[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When an order is asked for after it was begun: first soon, for those whose phone went away; then seldom, for a day. */
const ASKS = [
  20 * SECOND,
  45 * SECOND,
  90 * SECOND,
  3 * MINUTE,
  6 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  16 * HOUR,
  24 * HOUR,
];
/** And once when nobody can pay it any more, in milliseconds after its end. */
const AFTER_END = 65 * SECOND;
/** When a refund is asked for again after it was first; later once a day. */
const REFUND_ASKS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];

/** By bill number. */
export const paymentDues = projection<PaymentDues, PaymentEvent>({
  name: 'payment-dues',
  version: 1,
  earlierFingerprints: ['29227cca94cd4784'],
  key: ({ data }) => data.bill,
  empty: { orders: [], refunds: [] },
  indexes: { at: nextOf },
  on: {
    BillIssued: (doc, { data: { dueBy }, recordedAt }) => ({ ...doc, dueBy, unpaidSince: recordedAt }),
    BillCorrected: (doc, { data: { dueBy } }) => ({ ...doc, dueBy }),
    BillPaid: (doc, { data: { order } }) => ({ ...settled(doc, order), unpaidSince: undefined }),
    BillExpired: (doc) => ({ ...doc, unpaidSince: undefined }),
    BillCancelled: (doc) => ({ ...doc, unpaidSince: undefined }),
    BillRefunded: (doc) => ({ ...doc, unpaidSince: undefined }),
    BillReopened: (doc, { recordedAt }) => ({ ...doc, unpaidSince: recordedAt }),
    PaymentBegun: (doc, { data: { order, begunAt, endsAt } }) => ({
      ...doc,
      orders: [...doc.orders, { order, begunAt, endsAt, askAt: nextAsk(begunAt, endsAt, begunAt) }],
    }),
    PaymentAsked: (doc, { data: { order, askedAt } }) => ({
      ...doc,
      orders: doc.orders.map((each) => (each.order === order ? { ...each, askAt: nextAsk(each.begunAt, each.endsAt, askedAt) } : each)),
    }),
    PaymentFailed: (doc, { data: { order } }) => settled(doc, order),
    PaymentUnresolved: (doc, { data: { order } }) => ({
      ...doc,
      orders: doc.orders.map((each) => (each.order === order ? { ...each, askAt: NEVER } : each)),
    }),
    PaymentDoubted: (doc, { data: { order, toldAt } }) => {
      const endsAt = doc.orders.find((each) => each.order === order)?.endsAt ?? toldAt;
      return { ...doc, orders: [...settled(doc, order).orders, { order, begunAt: toldAt, endsAt, askAt: toldAt }] };
    },
    DoubtSettled: (doc, { data: { order } }) => settled(doc, order),
    RefundDue: (doc, { data: { order, transaction }, recordedAt }) => {
      const after = settled(doc, order);
      return transaction === undefined ? after : { ...after, refunds: [...after.refunds, { transaction, askAt: recordedAt }] };
    },
    RefundRequested: (doc, { data: { transaction, requestedAt } }) => asked(doc, transaction, requestedAt),
    RefundAsked: (doc, { data: { transaction, askedAt } }) => asked(doc, transaction, askedAt),
    RefundDone: (doc, { data: { transaction } }) => withoutRefund(doc, transaction),
    RefundRefused: (doc, { data: { transaction } }) => withoutRefund(doc, transaction),
  },
});

/** Sorts after every instant: a person has to find out. */
const NEVER = '9';

/** The next moment at which anything falls due; none while nothing does. A bill with an order that may be paid does not expire. */
function nextOf({ unpaidSince, dueBy, orders, refunds }: PaymentDues): string | undefined {
  const moments = [...orders.map(({ askAt }) => askAt), ...refunds.map(({ askAt }) => askAt)].filter((at) => at !== NEVER);
  if (unpaidSince !== undefined && dueBy !== undefined && orders.length === 0) moments.push(dueBy);
  return moments.sort()[0];
}

/** The first of the moments to ask that is after the last one; after the last of all there is none. */
function nextAsk(begunAt: string, endsAt: string, last: string): string {
  const moments = [...ASKS.map((after) => later(begunAt, after)), later(endsAt, AFTER_END)];
  return moments.filter((at) => at > last).sort()[0] ?? NEVER;
}

function asked(doc: PaymentDues, transaction: string | undefined, at: string): PaymentDues {
  return { ...doc, refunds: doc.refunds.map((each) => (each.transaction === transaction ? askedAgain(each, at) : each)) };
}

function askedAgain({ transaction, requestedAt = '' }: PaymentDues['refunds'][number], at: string): PaymentDues['refunds'][number] {
  const since = requestedAt || at;
  const next = REFUND_ASKS.map((after) => later(since, after)).find((each) => each > at) ?? later(at, 24 * HOUR);
  return { transaction, requestedAt: since, askAt: next };
}

function settled(doc: PaymentDues, order: string | undefined): PaymentDues {
  return { ...doc, orders: doc.orders.filter((each) => each.order !== order) };
}

function withoutRefund(doc: PaymentDues, transaction: string | undefined): PaymentDues {
  return { ...doc, refunds: doc.refunds.filter((each) => each.transaction !== transaction) };
}

function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
