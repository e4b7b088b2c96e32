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
  readonly receipt?: Receipt;
}

/** All bills of a candidate by number. */
export interface Bills {
  readonly [bill: string]: Bill;
}

export const bills = projection<Bills, PaymentEvent>({
  name: 'bills',
  version: 2,
  key: bySubject,
  empty: {},
  on: {
    BillIssued: (doc, { data: { candidateId: _, ...terms } }) => ({ ...doc, [terms.bill]: { ...terms, state: 'due' } }),
    BillCorrected: (doc, { data: { candidateId: _, ...terms } }) => {
      const { state, paidAt, channel, transaction, endedAt, attempts, refunds, receipt } = issued(doc, terms.bill);
      const since = { ...(attempts && { attempts }), ...(refunds && { refunds }), ...(receipt && { receipt }) };
      return { ...doc, [terms.bill]: { ...terms, state, paidAt, channel, transaction, endedAt, ...since } };
    },
    BillPaid: (doc, event) => {
      const { bill, order, channel, transaction } = event.data;
      return change(attempted(doc, bill, order, 'paid'), bill, { state: 'paid', paidAt: when(event), channel, transaction, endedAt: undefined });
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
    PaymentFailed: (doc, { data: { bill, order } }) => attempted(doc, bill, order, 'failed'),
    RefundDue: (doc, { data: { bill, order, transaction, fen, why, paidAt } }) => {
      const after = attempted(doc, bill, order, 'paid');
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
