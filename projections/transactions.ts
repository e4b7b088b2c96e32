import type { PaymentEvent } from '../src/payments/payments.events.js';
import { projection } from '../src/read-models/projection.js';

/** Money that the platform took, as the books have it; instants in UTC. */
export interface Transaction {
  /** The bill that it came for; several only where the platform gave one number out twice. */
  readonly bills: readonly string[];
  readonly paidAt: string;
  /** When it went back. */
  readonly refundedAt?: string | undefined;
}

/** Of Beijing's clock to UTC, in milliseconds: it has kept one offset since 1991. */
const OFFSET = 8 * 60 * 60 * 1000;

/** By the platform's number. Listed by the day in Beijing (`2026-11-22`) on which it came, and by that on which it went back. */
export const transactions = projection<Transaction, PaymentEvent>({
  name: 'transactions',
  version: 1,
  key: ({ data }) => ('transaction' in data ? data.transaction : undefined),
  empty: { bills: [], paidAt: '' },
  indexes: {
    paid: ({ paidAt }) => beijingDay(paidAt),
    refunded: ({ refundedAt }) => refundedAt && beijingDay(refundedAt),
  },
  on: {
    BillPaid: (doc, { data: { bill, happenedAt }, recordedAt }) => came(doc, bill, happenedAt ?? recordedAt),
    RefundDue: (doc, { data: { bill, paidAt } }) => came(doc, bill, paidAt),
    RefundDone: (doc, { data: { refundedAt } }) => ({ ...doc, refundedAt }),
  },
});

/** The day in Beijing of an instant. */
export function beijingDay(instant: string): string {
  return new Date(Date.parse(instant) + OFFSET).toISOString().slice(0, 10);
}

function came(doc: Transaction, bill: string, paidAt: string): Transaction {
  return { ...doc, paidAt: doc.paidAt || paidAt, bills: doc.bills.includes(bill) ? doc.bills : [...doc.bills, bill] };
}
