import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

export type BillKind = 'enrolment' | 'thesis' | 'degree';

/** One line: a course (enrolment) or a major (thesis, degree) by its code, and its amount in fen. */
export interface BillLine {
  readonly code: string;
  readonly fen: number;
}

/** `period` is an exam period, or for thesis and degree a declaration period's code. Instants in UTC. */
export interface BillTerms {
  readonly candidateId: string;
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly lines: readonly BillLine[];
  readonly fen: number;
  readonly createdAt: string;
  readonly dueBy?: string | undefined;
}

/** What every later event repeats, so that whatever shows the bill's courses can be told from it alone. */
interface OfBill {
  readonly candidateId: string;
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
  /** When it happened, where that was before it was recorded. */
  readonly happenedAt?: string | undefined;
}

export type PaymentEvent =
  | Event<'BillIssued', BillTerms>
  | Event<'BillCorrected', BillTerms>
  | Event<'BillPaid', OfBill>
  | Event<'BillExpired', OfBill>
  | Event<'BillCancelled', OfBill>
  | Event<'BillRefunded', OfBill>
  /** Back to unpaid: what was reported as its end is taken back. */
  | Event<'BillReopened', OfBill>;

export const paymentEvents: EventTypes<PaymentEvent> = {
  BillIssued: [],
  BillCorrected: [],
  BillPaid: [],
  BillExpired: [],
  BillCancelled: [],
  BillRefunded: [],
  BillReopened: [],
};
