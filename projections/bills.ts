import type { Recorded } from '../src/event-store/event.js';
import type { BillTerms, Channel, PaymentEvent, Receipt, RefundReason } from '../src/payments/payments.events.js';
import { KeyedList } from '../src/read-models/keyed-list.js';
import { bySubject, projection } from '../src/read-models/projection.js';

export type BillState = 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';

/** One attempt to pay at the payment platform. */
export interface Attempt {
  readonly order: string;
  readonly begunAt: string;
  readonly endsAt: string;
  /** `open`: its outcome is not known yet. */
  readonly state: 'open' | 'paid' | 'failed';
}

/** A payment that a notification reported and that the platform has not confirmed yet: it does not count as paid. */
export interface Doubt {
  readonly order: string;
  readonly fen: number;
  readonly paidAt: string;
}

/** A refund; `transaction` is missing where the PC system took the payment. */
export interface BillRefund {
  readonly transaction?: string | undefined;
  readonly fen: number;
  readonly why: RefundReason;
  readonly paidAt: string;
  readonly state: 'due' | 'requested' | 'done' | 'refused';
  /** When the refund was made. */
  readonly doneAt?: string | undefined;
}

/** A bill with its state; amounts in fen, instants in UTC. */
export interface Bill extends Omit<BillTerms, 'candidateId'> {
  readonly state: BillState;
  readonly paidAt?: string | undefined;
  readonly channel?: Channel | undefined;
  /** The platform's number of the payment that pays it. */
  readonly transaction?: string | undefined;
  /** When it expired, was cancelled or refunded. */
  readonly endedAt?: string | undefined;
  readonly attempts?: readonly Attempt[];
  readonly refunds?: readonly BillRefund[];
  readonly doubts?: readonly Doubt[];
  readonly receipt?: Receipt;
}

/** All bills of a candidate by number. */
export interface Bills {
  readonly [bill: string]: Bill;
}

/** A bill while events are folded: attempts and doubts by order, refunds by transaction. */
interface Folded extends Omit<Bill, 'attempts' | 'refunds' | 'doubts'> {
  readonly attempts?: KeyedList<string, Attempt> | undefined;
  readonly refunds?: KeyedList<string | undefined, BillRefund> | undefined;
  readonly doubts?: KeyedList<string, Doubt> | undefined;
}

type All = Map<string, Folded>;

export const bills = projection<Bills, PaymentEvent, All>({
  name: 'bills',
  version: 2,
  earlierFingerprints: ['e120602efd9a6c6a', 'acc28e5efb69d3e5'],
  key: bySubject,
  empty: {},
  instants: [
    '*.createdAt',
    '*.dueBy',
    '*.paidAt',
    '*.endedAt',
    '*.attempts.*.begunAt',
    '*.attempts.*.endsAt',
    '*.refunds.*.paidAt',
    '*.refunds.*.doneAt',
    '*.doubts.*.paidAt',
    '*.receipt.issuedAt',
  ],
  money: ['*.fen', '*.lines.*.fen', '*.refunds.*.fen', '*.doubts.*.fen'],
  maps: { '': { list: 'bills', keys: ['bill'], holdsKey: true } },
  state: {
    open: (document) => new Map(Object.entries(document).map(([number, bill]) => [number, opened(bill)])),
    close: (all) => Object.fromEntries(Array.from(all, ([number, bill]) => [number, closed(bill)])),
  },
  on: {
    BillIssued: (all, { data: { candidateId: _, ...terms } }) => all.set(terms.bill, { ...terms, state: 'due' }),
    BillCorrected: (all, { data: { candidateId: _, ...terms } }) => {
      const { state, paidAt, channel, transaction, endedAt, attempts, refunds, doubts, receipt } = issued(all, terms.bill);
      const since = { attempts, refunds, doubts, ...(receipt && { receipt }) };
      return all.set(terms.bill, { ...terms, state, paidAt, channel, transaction, endedAt, ...since });
    },
    BillPaid: (all, event) => {
      const { bill, order, channel, transaction } = event.data;
      attempted(issued(all, bill), order, 'paid');
      return change(all, bill, { state: 'paid', paidAt: when(event), channel, transaction, endedAt: undefined });
    },
    BillExpired: (all, event) => change(all, event.data.bill, { state: 'expired', endedAt: when(event) }),
    BillCancelled: (all, event) => change(all, event.data.bill, { state: 'cancelled', endedAt: when(event) }),
    BillRefunded: (all, event) => change(all, event.data.bill, { state: 'refunded', endedAt: when(event) }),
    BillReopened: (all, { data: { bill } }) =>
      change(all, bill, { state: 'due', paidAt: undefined, channel: undefined, transaction: undefined, endedAt: undefined }),
    BillVoided: (all, { data: { bill } }) => {
      all.delete(bill);
      return all;
    },
    PaymentBegun: (all, { data: { bill, order, begunAt, endsAt } }) => {
      const { attempts = attemptsOf([]) } = issued(all, bill);
      attempts.add({ order, begunAt, endsAt, state: 'open' });
      return change(all, bill, { attempts });
    },
    PaymentFailed: (all, { data: { bill, order } }) => {
      attempted(issued(all, bill), order, 'failed');
      return all;
    },
    PaymentDoubted: (all, { data: { bill, order, fen, paidAt } }) => {
      const { doubts = doubtsOf([]) } = issued(all, bill);
      doubts.add({ order, fen, paidAt });
      return change(all, bill, { doubts });
    },
    DoubtSettled: (all, { data: { bill, order } }) => {
      issued(all, bill).doubts?.remove(order);
      return all;
    },
    RefundDue: (all, { data: { bill, order, transaction, fen, why, paidAt } }) => {
      const before = issued(all, bill);
      attempted(before, order, 'paid');
      const { refunds = refundsOf([]) } = before;
      refunds.add({ transaction, fen, why, paidAt, state: 'due' });
      return change(all, bill, { refunds });
    },
    RefundRequested: (all, { data: { bill, transaction } }) => refunded(all, bill, transaction, { state: 'requested' }),
    RefundDone: (all, { data: { bill, transaction, refundedAt } }) => refunded(all, bill, transaction, { state: 'done', doneAt: refundedAt }),
    RefundRefused: (all, { data: { bill, transaction } }) => refunded(all, bill, transaction, { state: 'refused' }),
    ReceiptIssued: (all, { data: { candidateId: _, bill, ...receipt } }) => change(all, bill, { receipt }),
  },
});

function opened({ attempts, refunds, doubts, ...bill }: Bill): Folded {
  return { ...bill, attempts: attempts && attemptsOf(attempts), refunds: refunds && refundsOf(refunds), doubts: doubts && doubtsOf(doubts) };
}

function closed({ attempts, refunds, doubts, ...bill }: Folded): Bill {
  const lists = { attempts: attempts?.toArray(), refunds: refunds?.toArray(), doubts: doubts?.toArray() };
  return { ...bill, ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list)) };
}

function attemptsOf(attempts: readonly Attempt[]) {
  return new KeyedList<string, Attempt>(({ order }) => order, attempts);
}

function refundsOf(refunds: readonly BillRefund[]) {
  return new KeyedList<string | undefined, BillRefund>(({ transaction }) => transaction, refunds);
}

function doubtsOf(doubts: readonly Doubt[]) {
  return new KeyedList<string, Doubt>(({ order }) => order, doubts);
}

/** When it happened: for an imported event without a time this is unknown, and not the time of the import. */
function when({
  data: { happenedAt },
  recordedAt,
  metadata: { origin },
}: Recorded<PaymentEvent> & { readonly data: { readonly happenedAt?: string | undefined } }) {
  return happenedAt ?? (origin === 'import' ? undefined : recordedAt);
}

function change(all: All, number: string, changes: Partial<Folded>): All {
  return all.set(number, { ...issued(all, number), ...changes });
}

/** Sets the outcome of an order's attempt; it also settles the doubt about that order. */
function attempted({ attempts, doubts }: Folded, order: string | undefined, state: Attempt['state']): void {
  if (order === undefined) return;
  attempts?.change(order, (attempt) => ({ ...attempt, state }));
  doubts?.remove(order);
}

function refunded(all: All, number: string, transaction: string | undefined, changes: Partial<BillRefund>): All {
  const { refunds = refundsOf([]) } = issued(all, number);
  refunds.change(transaction, (refund) => (refund.state === 'done' ? refund : { ...refund, ...changes }));
  return change(all, number, { refunds });
}

function issued(all: All, number: string): Folded {
  const bill = all.get(number);
  if (!bill) throw new Error(`bill ${number} was never issued`);
  return bill;
}
