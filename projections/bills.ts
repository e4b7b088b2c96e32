import type { Recorded } from '../src/event-store/event.js';
import type { BillTerms, Channel, PaymentEvent, Receipt, RefundReason } from '../src/payments/payments.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';

export type BillState = 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';

/** One attempt to pay at the platform. */
export interface Attempt {
  readonly order: string;
  readonly begunAt: string;
  readonly endsAt: string;
  /** `open`: what came of it is not known yet. */
  readonly state: 'open' | 'paid' | 'failed';
}

/** What a notification said that the platform is asked about: not money yet. */
export interface Doubt {
  readonly order: string;
  readonly fen: number;
  readonly paidAt: string;
}

/** Money that goes back; `transaction` is missing where the PC system took it. */
export interface BillRefund {
  readonly transaction?: string | undefined;
  readonly fen: number;
  readonly why: RefundReason;
  readonly paidAt: string;
  readonly state: 'due' | 'requested' | 'done' | 'refused';
  /** When it was done. */
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

export const bills = projection<Bills, PaymentEvent>({
  name: 'bills',
  version: 2,
  earlierFingerprints: ['e120602efd9a6c6a'],
  key: bySubject,
  empty: {},
  on: {
    BillIssued: (doc, { data: { candidateId: _, ...terms } }) => ({ ...doc, [terms.bill]: { ...terms, state: 'due' } }),
    BillCorrected: (doc, { data: { candidateId: _, ...terms } }) => {
      const { state, paidAt, channel, transaction, endedAt, attempts, refunds, doubts, receipt } = issued(doc, terms.bill);
      const since = { ...(attempts && { attempts }), ...(refunds && { refunds }), ...(doubts && { doubts }), ...(receipt && { receipt }) };
      return { ...doc, [terms.bill]: { ...terms, state, paidAt, channel, transaction, endedAt, ...since } };
    },
    BillPaid: (doc, event) => {
      const { bill, order, channel, transaction } = event.data;
      return change(settled(attempted(doc, bill, order, 'paid'), bill, order), bill, {
        state: 'paid',
        paidAt: when(event),
        channel,
        transaction,
        endedAt: undefined,
      });
    },
    BillExpired: (doc, event) => change(doc, event.data.bill, { state: 'expired', endedAt: when(event) }),
    BillCancelled: (doc, event) => change(doc, event.data.bill, { state: 'cancelled', endedAt: when(event) }),
    BillRefunded: (doc, event) => change(doc, event.data.bill, { state: 'refunded', endedAt: when(event) }),
    BillReopened: (doc, { data: { bill } }) =>
      change(doc, bill, { state: 'due', paidAt: undefined, channel: undefined, transaction: undefined, endedAt: undefined }),
    PaymentBegun: (doc, { data: { bill, order, begunAt, endsAt } }) => {
      const { attempts = [] } = issued(doc, bill);
      return change(doc, bill, { attempts: [...attempts, { order, begunAt, endsAt, state: 'open' }] });
    },
    PaymentFailed: (doc, { data: { bill, order } }) => settled(attempted(doc, bill, order, 'failed'), bill, order),
    PaymentDoubted: (doc, { data: { bill, order, fen, paidAt } }) => {
      const { doubts = [] } = issued(doc, bill);
      return change(doc, bill, { doubts: [...doubts, { order, fen, paidAt }] });
    },
    DoubtSettled: (doc, { data: { bill, order } }) => settled(doc, bill, order),
    RefundDue: (doc, { data: { bill, order, transaction, fen, why, paidAt } }) => {
      const after = settled(attempted(doc, bill, order, 'paid'), bill, order);
      const { refunds = [] } = issued(after, bill);
      return change(after, bill, { refunds: [...refunds, { transaction, fen, why, paidAt, state: 'due' }] });
    },
    RefundRequested: (doc, { data: { bill, transaction } }) => refunded(doc, bill, transaction, { state: 'requested' }),
    RefundDone: (doc, { data: { bill, transaction, refundedAt } }) => refunded(doc, bill, transaction, { state: 'done', doneAt: refundedAt }),
    RefundRefused: (doc, { data: { bill, transaction } }) => refunded(doc, bill, transaction, { state: 'refused' }),
    ReceiptIssued: (doc, { data: { candidateId: _, bill, ...receipt } }) => change(doc, bill, { receipt }),
  },
});

/** What an import tells without its time happened at a time that nobody knows, not when the file came in. */
function when({
  data: { happenedAt },
  recordedAt,
  metadata: { origin },
}: Recorded<PaymentEvent> & { readonly data: { readonly happenedAt?: string | undefined } }) {
  return happenedAt ?? (origin === 'import' ? undefined : recordedAt);
}

function change(doc: Bills, number: string, changes: Partial<Bill>): Bills {
  return { ...doc, [number]: { ...issued(doc, number), ...changes } };
}

/** The same document where there was no such attempt. */
function attempted(doc: Bills, number: string, order: string | undefined, state: Attempt['state']): Bills {
  const { attempts } = issued(doc, number);
  if (!attempts?.some((attempt) => attempt.order === order)) return doc;
  return change(doc, number, { attempts: attempts.map((attempt) => (attempt.order === order ? { ...attempt, state } : attempt)) });
}

/** The same document where nothing of the order was doubted. */
function settled(doc: Bills, number: string, order: string | undefined): Bills {
  const { doubts } = issued(doc, number);
  if (!doubts?.some((doubt) => doubt.order === order)) return doc;
  return change(doc, number, { doubts: doubts.filter((doubt) => doubt.order !== order) });
}

function refunded(doc: Bills, number: string, transaction: string | undefined, changes: Partial<BillRefund>): Bills {
  const { refunds = [] } = issued(doc, number);
  return change(doc, number, {
    refunds: refunds.map((refund) => (refund.transaction === transaction && refund.state !== 'done' ? { ...refund, ...changes } : refund)),
  });
}

function issued(doc: Bills, number: string): Bill {
  const bill = doc[number];
  if (!bill) throw new Error(`bill ${number} was never issued`);
  return bill;
}
