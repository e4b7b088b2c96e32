import type { Recorded } from '../src/event-store/event.js';
import type { BillTerms, PaymentEvent } from '../src/payments/payments.events.js';
import { bySubject, dictionary, projection } from '../src/read-models/projection.js';

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

export const bills = projection<Bills, PaymentEvent, Map<string, Bill>>({
  name: 'bills',
  version: 1,
  earlierFingerprints: ['53500cf0bca57083', 'f5be52cef6e29edb'],
  key: bySubject,
  empty: {},
  state: dictionary(),
  on: {
    BillIssued: (all, { data: { candidateId: _, ...terms } }) => all.set(terms.bill, { ...terms, state: 'due' }),
    BillCorrected: (all, { data: { candidateId: _, ...terms } }) => {
      const { state, paidAt, endedAt } = issued(all, terms.bill);
      return all.set(terms.bill, { ...terms, state, paidAt, endedAt });
    },
    BillPaid: (all, event) => change(all, event.data.bill, { state: 'paid', paidAt: when(event), endedAt: undefined }),
    BillExpired: (all, event) => change(all, event.data.bill, { state: 'expired', endedAt: when(event) }),
    BillCancelled: (all, event) => change(all, event.data.bill, { state: 'cancelled', endedAt: when(event) }),
    BillRefunded: (all, event) => change(all, event.data.bill, { state: 'refunded', endedAt: when(event) }),
    BillReopened: (all, { data: { bill } }) => change(all, bill, { state: 'due', paidAt: undefined, endedAt: undefined }),
    BillVoided: (all, { data: { bill } }) => {
      all.delete(bill);
      return all;
    },
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

function change(all: Map<string, Bill>, number: string, changes: Partial<Bill>): Map<string, Bill> {
  return all.set(number, { ...issued(all, number), ...changes });
}

function issued(all: Map<string, Bill>, number: string): Bill {
  const bill = all.get(number);
  if (!bill) throw new Error(`bill ${number} was never issued`);
  return bill;
}
