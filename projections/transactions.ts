import type { PaymentEvent } from '../src/payments/payments.events.js';
import { projection } from '../src/read-models/projection.js';

/** A payment that the platform has received, as recorded; instants in UTC. */
export interface Transaction {
  /** The bill that it paid; several only where the platform used one number twice. */
  readonly bills: readonly string[];
  readonly paidAt: string;
  /** When it was refunded. */
  readonly refundedAt?: string | undefined;
}

/** While events are folded. */
interface Folded extends Omit<Transaction, 'bills'> {
  readonly bills: Set<string>;
}

/** Beijing's offset from UTC in milliseconds, unchanged since 1991. */
const OFFSET = 8 * 60 * 60 * 1000;

/** By the platform's number. Listed by the day in Beijing (`2026-11-22`) on which it was paid, and by the day on which it was refunded. */
export const transactions = projection<Transaction, PaymentEvent, Folded>({
  name: 'transactions',
  version: 1,
  earlierFingerprints: ['6510e32a32a1528d'],
  key: ({ data }) => ('transaction' in data ? data.transaction : undefined),
  empty: { bills: [], paidAt: '' },
  instants: ['paidAt', 'refundedAt'],
  money: [],
  indexes: {
    paid: ({ paidAt }) => beijingDay(paidAt),
    refunded: ({ refundedAt }) => refundedAt && beijingDay(refundedAt),
  },
  state: {
    open: (document) => ({ ...document, bills: new Set(document.bills) }),
    close: (state) => ({ ...state, bills: [...state.bills] }),
  },
  on: {
    BillPaid: (state, { data: { bill, happenedAt }, recordedAt }) => paid(state, bill, happenedAt ?? recordedAt),
    RefundDue: (state, { data: { bill, paidAt } }) => paid(state, bill, paidAt),
    RefundDone: (state, { data: { refundedAt } }) => {
      if (refundedAt) beijingDay(refundedAt);
      return { ...state, refundedAt };
    },
  },
});

/** The day in Beijing of an instant. @throws RangeError for text that is no instant */
export function beijingDay(instant: string): string {
  return new Date(Date.parse(instant) + OFFSET).toISOString().slice(0, 10);
}

function paid(state: Folded, bill: string, paidAt: string): Folded {
  const first = state.paidAt || paidAt;
  beijingDay(first); // under which it is listed
  state.bills.add(bill);
  return { ...state, paidAt: first };
}
