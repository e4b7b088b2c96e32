import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { BillLine } from '../payments/payments.events.js';

/** Where a candidate sits a paper: site 考点 with its campus, room 考场号 (3 digits), seat 座次号 (2 digits). */
export interface Seat {
  readonly site: string;
  readonly address: string;
  readonly room: string;
  readonly seat: string;
}

export type EnrolmentEvent =
  | Event<'CourseEnrolled', { candidateId: string; period: string; course: string }>
  | Event<'CourseWithdrawn', { candidateId: string; period: string; course: string }>
  /** The chosen courses are to be paid by a bill that is issued next; none is added until it is paid or ended. Amounts in fen. */
  | Event<
      'EnrolmentConfirmed',
      { candidateId: string; period: string; bill: string; lines: readonly BillLine[]; fen: number; createdAt: string; dueBy?: string | undefined }
    >
  | Event<'EnrolmentPaid', { candidateId: string; period: string; bill: string; courses: readonly string[] }>
  /** The bill ended unpaid, so that its courses can be changed again. */
  | Event<'EnrolmentFreed', { candidateId: string; period: string; bill: string; courses: readonly string[]; why: 'expired' | 'cancelled' }>
  /** The bill is not paid after all, as it had been recorded. */
  | Event<'EnrolmentPaymentWithdrawn', { candidateId: string; period: string; bill: string }>
  | Event<'SeatArranged', { candidateId: string; period: string; course: string } & Seat>
  | Event<'SeatCancelled', { candidateId: string; period: string; course: string }>;

export const enrolmentEvents: EventTypes<EnrolmentEvent> = {
  CourseEnrolled: [],
  CourseWithdrawn: [],
  EnrolmentConfirmed: [],
  EnrolmentPaid: [],
  EnrolmentFreed: [],
  EnrolmentPaymentWithdrawn: [],
  SeatArranged: [],
  SeatCancelled: [],
};
