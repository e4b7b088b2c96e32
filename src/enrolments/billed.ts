import type { Recorded } from '../event-store/event.js';
import type { PaymentEvent } from '../payments/payments.events.js';

interface Billed {
  readonly bill: string;
  readonly courses: readonly string[];
  readonly due: boolean;
}

/** The bills of a period's courses that are due or paid, by a candidate's events. */
export function billed(history: readonly Recorded[], period: string): readonly Billed[] {
  const bills = new Map<string, Billed>();
  for (const { type, data } of history as unknown as readonly PaymentEvent[]) {
    switch (type) {
      case 'BillIssued':
      case 'BillCorrected':
        if (data.kind === 'enrolment' && data.period === period) {
          bills.set(data.bill, { bill: data.bill, courses: data.lines.map(({ code }) => code), due: bills.get(data.bill)?.due ?? true });
        }
        break;
      case 'BillReopened':
      case 'BillPaid':
        if (data.kind === 'enrolment' && data.period === period) {
          bills.set(data.bill, { bill: data.bill, courses: data.codes, due: type === 'BillReopened' });
        }
        break;
      case 'BillExpired':
      case 'BillCancelled':
      case 'BillRefunded':
        bills.delete(data.bill);
        break;
      default: // whatever else happens to a bill or to the candidate says nothing of this
    }
  }
  return [...bills.values()];
}
