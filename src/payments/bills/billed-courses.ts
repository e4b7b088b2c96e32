import type { Recorded } from '../../event-store/event.js';
import { foldHistory } from '../../event-store/reading/fold-history.js';
import type { BillKind, BillTerms, PaymentEvent } from '../payments.events.js';

/** A bill of an enrolment that is due or paid, and its courses. */
interface BilledCourses {
  readonly bill: string;
  readonly courses: readonly string[];
  readonly due: boolean;
}

interface BillStatus {
  readonly kind: BillKind;
  readonly period: string;
  readonly courses: readonly string[];
  readonly state: 'due' | 'paid' | 'ended';
}

/** What each later event of a bill repeats. */
interface BillReference {
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
}

/** The bills of a candidate's courses in a period that are due or paid, by the candidate's events. @throws StoreUnavailable */
export function billedCourses(history: readonly Recorded[], period: string): readonly BilledCourses[] {
  return openBills(history)
    .filter(([, each]) => each.kind === 'enrolment' && each.period === period)
    .map(([bill, { courses, state }]) => ({ bill, courses, due: state === 'due' }));
}

/** Whether any bill of a candidate is due or paid, by the candidate's events. @throws StoreUnavailable */
export function hasOpenBill(history: readonly Recorded[]): boolean {
  return openBills(history).length > 0;
}

function openBills(history: readonly Recorded[]): readonly (readonly [string, BillStatus])[] {
  const bills = new Map<string, BillStatus>();
  const setTerms = (terms: BillTerms) => {
    const courses = terms.lines.map(({ code }) => code);
    bills.set(terms.bill, { kind: terms.kind, period: terms.period, courses, state: bills.get(terms.bill)?.state ?? 'due' });
  };
  const setState = (state: BillStatus['state']) => (data: BillReference) => {
    bills.set(data.bill, { kind: data.kind, period: data.period, courses: data.codes, state });
  };
  foldHistory<PaymentEvent>(history, {
    BillIssued: setTerms,
    BillCorrected: setTerms,
    BillPaid: setState('paid'),
    BillReopened: setState('due'),
    BillVoided: ({ bill }) => {
      bills.delete(bill);
    },
    BillExpired: setState('ended'),
    BillCancelled: setState('ended'),
    BillRefunded: setState('ended'),
  });
  return [...bills].filter(([, { state }]) => state !== 'ended');
}
