import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

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
  | Event<'SeatArranged', { candidateId: string; period: string; course: string } & Seat>
  | Event<'SeatCancelled', { candidateId: string; period: string; course: string }>;

export const enrolmentEvents: EventTypes<EnrolmentEvent> = {
  CourseEnrolled: [],
  CourseWithdrawn: [],
  SeatArranged: [],
  SeatCancelled: [],
};
