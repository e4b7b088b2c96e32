import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { ArrangeSeat } from './arrange-seat.command.js';
import type { EnrolmentEvent, Seat } from './enrolments.events.js';
import type { EnrolmentState, RecordEnrolment } from './record-enrolment.command.js';

/** A candidate's enrolment 报考 in one period, by course; missing where nothing was ever said. */
interface Enrolment {
  readonly courses: ReadonlyMap<string, EnrolmentState>;
  readonly seats: ReadonlyMap<string, Seat | 'cancelled'>;
}

export const enrolment: Decider<Enrolment, EnrolmentEvent> = {
  initial: { courses: new Map(), seats: new Map() },
  evolve(state, { type, data }) {
    switch (type) {
      case 'CourseEnrolled':
        return { ...state, courses: new Map(state.courses).set(data.course, 'enrolled') };
      case 'CourseWithdrawn':
        return { ...state, courses: new Map(state.courses).set(data.course, 'withdrawn') };
      case 'SeatArranged': {
        const { site, address, room, seat } = data;
        return { ...state, seats: new Map(state.seats).set(data.course, { site, address, room, seat }) };
      }
      case 'SeatCancelled':
        return { ...state, seats: new Map(state.seats).set(data.course, 'cancelled') };
    }
  },
};

const became = { enrolled: 'CourseEnrolled', withdrawn: 'CourseWithdrawn' } as const;

/** Says that a course is enrolled in or withdrawn from; a withdrawal is a fact even where the enrolment came before all records. */
export function recordEnrolment(state: Enrolment, command: RecordEnrolment): EnrolmentEvent[] {
  const { candidateId, period, course } = command;
  return state.courses.get(course) === command.state ? [] : [{ type: became[command.state], data: { candidateId, period, course } }];
}

/** Says where the candidate sits, or that the seat is cancelled. */
export function arrangeSeat(state: Enrolment, { candidateId, period, course, seat }: ArrangeSeat): EnrolmentEvent[] {
  if (same(state.seats.get(course), seat)) return [];
  if (seat === 'cancelled') return [{ type: 'SeatCancelled', data: { candidateId, period, course } }];
  return [{ type: 'SeatArranged', data: { candidateId, period, course, ...seat } }];
}
