import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/fold-history.js';
import type { PaymentEvent } from '../payments/payments.events.js';

interface Billed {
  readonly bill: string;
  readonly courses: readonly string[];
  readonly due: boolean;
}

/** A bill as it was last told of. */
interface BillStatus {
  readonly kind: string;
  readonly period: string;
  readonly courses: readonly string[];
  readonly state: 'due' | 'paid' | 'ended';
}

/** What each event about a bill repeats. */
interface OfBill {
  readonly bill: string;
  readonly kind: string;
  readonly period: string;
  readonly codes: readonly string[];
}

/** The bills of a period's courses that are due or paid, by a candidate's events. @throws StoreUnavailable */
export function billed(history: readonly Recorded[], period: string): readonly Billed[] {
  const bills = new Map<string, BillStatus>();
  const tell = (data: Omit<OfBill, 'codes'> & { readonly lines: readonly { readonly code: string }[] }) => {
    const courses = data.lines.map(({ code }) => code);
    bills.set(data.bill, { kind: data.kind, period: data.period, courses, state: bills.get(data.bill)?.state ?? 'due' });
  };
  const become = (state: BillStatus['state']) => (data: OfBill) => {
    bills.set(data.bill, { kind: data.kind, period: data.period, courses: data.codes, state });
  };
  foldHistory<PaymentEvent>(history, {
    BillIssued: tell,
    BillCorrected: tell,
    BillPaid: become('paid'),
    BillReopened: become('due'),
    BillExpired: become('ended'),
    BillCancelled: become('ended'),
    BillRefunded: become('ended'),
  });
  return [...bills]
    .filter(([, each]) => each.kind === 'enrolment' && each.period === period && each.state !== 'ended')
    .map(([bill, { courses, state }]) => ({ bill, courses, due: state === 'due' }));
}
