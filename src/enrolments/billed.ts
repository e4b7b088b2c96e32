import type { Recorded } from '../event-store/event.js';
import type { PaymentEvent } from '../payments/payments.events.js';

interface Billed {
  readonly bill: string;
  readonly courses: readonly string[];
  readonly due: boolean;
}

/** A bill as it was last told of. */
interface Standing {
  readonly kind: string;
  readonly period: string;
  readonly courses: readonly string[];
  readonly state: 'due' | 'paid' | 'ended';
}

/** The bills of a period's courses that are due or paid, by a candidate's events. */
export function billed(history: readonly Recorded[], period: string): readonly Billed[] {
  const bills = new Map<string, Standing>();
  for (const { type, data } of history as unknown as readonly PaymentEvent[]) {
    switch (type) {
      case 'BillIssued':
      case 'BillCorrected': {
        const { bill, kind, lines } = data;
        bills.set(bill, { kind, period: data.period, courses: lines.map(({ code }) => code), state: bills.get(bill)?.state ?? 'due' });
        break;
      }
      case 'BillPaid':
      case 'BillReopened':
      case 'BillExpired':
      case 'BillCancelled':
      case 'BillRefunded':
        bills.set(data.bill, { kind: data.kind, period: data.period, courses: data.codes, state: became[type] });
        break;
      default: // whatever else happens to a bill or to the candidate says nothing of this
    }
  }
  return [...bills]
    .filter(([, each]) => each.kind === 'enrolment' && each.period === period && each.state !== 'ended')
    .map(([bill, { courses, state }]) => ({ bill, courses, due: state === 'due' }));
}

const became = {
  BillPaid: 'paid',
  BillReopened: 'due',
  BillExpired: 'ended',
  BillCancelled: 'ended',
  BillRefunded: 'ended',
} as const;
