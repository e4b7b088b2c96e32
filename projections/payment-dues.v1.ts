import type { PaymentEvent } from '../src/payments/payments.events.js';
import { KeyedList } from '../src/read-models/keyed-list.js';
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

type Order = PaymentDues['orders'][number];
type Refund = PaymentDues['refunds'][number];

/** While events are folded: orders by number, refunds by transaction. */
interface Folded extends Omit<PaymentDues, 'orders' | 'refunds'> {
  readonly orders: KeyedList<string, Order>;
  readonly refunds: KeyedList<string, Refund>;
}

/** By bill number. */
export const paymentDues = projection<PaymentDues, PaymentEvent, Folded>({
  name: 'payment-dues',
  version: 1,
  earlierFingerprints: ['29227cca94cd4784', '229ac8340a26f879'],
  key: ({ data }) => data.bill,
  empty: { orders: [], refunds: [] },
  indexes: { at: nextOf },
  state: {
    open: ({ orders, refunds, ...dues }) => ({
      ...dues,
      orders: new KeyedList(({ order }) => order, orders),
      refunds: new KeyedList(({ transaction }) => transaction, refunds),
    }),
    close: ({ orders, refunds, ...dues }) => ({ ...dues, orders: orders.toArray(), refunds: refunds.toArray() }),
  },
  on: {
    BillIssued: (dues, { data: { dueBy }, recordedAt }) => ({ ...dues, dueBy, unpaidSince: recordedAt }),
    BillCorrected: (dues, { data: { dueBy } }) => ({ ...dues, dueBy }),
    BillPaid: (dues, { data: { order } }) => ({ ...settled(dues, order), unpaidSince: undefined }),
    BillExpired: (dues) => ({ ...dues, unpaidSince: undefined }),
    BillCancelled: (dues) => ({ ...dues, unpaidSince: undefined }),
    BillRefunded: (dues) => ({ ...dues, unpaidSince: undefined }),
    BillReopened: (dues, { recordedAt }) => ({ ...dues, unpaidSince: recordedAt }),
    BillVoided: () => null,
    PaymentBegun: (dues, { data: { order, begunAt, endsAt } }) => {
      dues.orders.add({ order, begunAt, endsAt, askAt: nextAsk(begunAt, endsAt, begunAt) });
      return dues;
    },
    PaymentAsked: (dues, { data: { order, askedAt } }) => {
      dues.orders.change(order, (each) => ({ ...each, askAt: nextAsk(each.begunAt, each.endsAt, askedAt) }));
      return dues;
    },
    PaymentFailed: (dues, { data: { order } }) => settled(dues, order),
    PaymentUnresolved: (dues, { data: { order } }) => {
      dues.orders.change(order, (each) => ({ ...each, askAt: NEVER }));
      return dues;
    },
    PaymentDoubted: (dues, { data: { order, toldAt } }) => {
      const endsAt = dues.orders.first(order)?.endsAt ?? toldAt;
      dues.orders.remove(order);
      dues.orders.add({ order, begunAt: toldAt, endsAt, askAt: toldAt });
      return dues;
    },
    DoubtSettled: (dues, { data: { order } }) => settled(dues, order),
    RefundDue: (dues, { data: { order, transaction }, recordedAt }) => {
      settled(dues, order);
      if (transaction !== undefined) dues.refunds.add({ transaction, askAt: recordedAt });
      return dues;
    },
    RefundRequested: (dues, { data: { transaction, requestedAt } }) => asked(dues, transaction, requestedAt),
    RefundAsked: (dues, { data: { transaction, askedAt } }) => asked(dues, transaction, askedAt),
    RefundDone: (dues, { data: { transaction } }) => withoutRefund(dues, transaction),
    RefundRefused: (dues, { data: { transaction } }) => withoutRefund(dues, transaction),
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

function asked(dues: Folded, transaction: string | undefined, at: string): Folded {
  if (transaction !== undefined) dues.refunds.change(transaction, (each) => askedAgain(each, at));
  return dues;
}

function askedAgain({ transaction, requestedAt = '' }: Refund, at: string): Refund {
  const since = requestedAt || at;
  const next = REFUND_ASKS.map((after) => later(since, after)).find((each) => each > at) ?? later(at, 24 * HOUR);
  return { transaction, requestedAt: since, askAt: next };
}

function settled(dues: Folded, order: string | undefined): Folded {
  if (order !== undefined) dues.orders.remove(order);
  return dues;
}

function withoutRefund(dues: Folded, transaction: string | undefined): Folded {
  if (transaction !== undefined) dues.refunds.remove(transaction);
  return dues;
}

function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
