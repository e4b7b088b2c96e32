import type { Recorded } from '../src/event-store/event.js';
import type { BillTerms, PaymentEvent } from '../src/payments/payments.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';

export type BillState = 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';

/** A bill with its state; amounts in fen, instants in UTC. */
export interface Bill extends Omit<BillTerms, 'candidateId'> {
  readonly state: BillState;
  readonly paidAt?: string | undefined;
  /** When it expired, was cancelled or refunded. */
  readonly endedAt?: string | undefined;
}

/** All bills of a candidate by number. */
export interface Bills {
  readonly [bill: string]: Bill;
}

export const bills = projection<Bills, PaymentEvent>({
  name: 'bills',
  version: 1,
  key: bySubject,
  empty: {},
  on: {
    BillIssued: (doc, { data: { candidateId: _, ...terms } }) => ({ ...doc, [terms.bill]: { ...terms, state: 'due' } }),
    BillCorrected: (doc, { data: { candidateId: _, ...terms } }) => {
      const { state, paidAt, endedAt } = issued(doc, terms.bill);
      return { ...doc, [terms.bill]: { ...terms, state, paidAt, endedAt } };
    },
    BillPaid: (doc, event) => change(doc, event.data.bill, { state: 'paid', paidAt: when(event), endedAt: undefined }),
    BillExpired: (doc, event) => change(doc, event.data.bill, { state: 'expired', endedAt: when(event) }),
    BillCancelled: (doc, event) => change(doc, event.data.bill, { state: 'cancelled', endedAt: when(event) }),
    BillRefunded: (doc, event) => change(doc, event.data.bill, { state: 'refunded', endedAt: when(event) }),
    BillReopened: (doc, { data: { bill } }) => change(doc, bill, { state: 'due', paidAt: undefined, endedAt: undefined }),
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

function issued(doc: Bills, number: string): Bill {
  const bill = doc[number];
  if (!bill) throw new Error(`bill ${number} was never issued`);
  return bill;
}
