import type { WindowState } from '../catalogue/catalogue.events.js';
import type { Decider, Given } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { BillLine } from '../payments/payments.events.js';
import type { EnrolmentEvent, Seat } from './enrolments.events.js';
import { refused } from './enrolments.refusals.js';

export type EnrolmentState = 'enrolled' | 'withdrawn';

interface OfPeriod {
  readonly candidateId: string;
  readonly period: string;
}

interface OfCourse extends OfPeriod {
  readonly course: string;
}

/** A bill and the courses that it is for. */
interface Held {
  readonly bill: string;
  readonly courses: readonly string[];
}

/** A candidate's enrolment 报考 in one period, by course; missing where nothing was ever said. */
interface Enrolment {
  readonly courses: Map<string, EnrolmentState>;
  readonly seats: Map<string, Seat | 'cancelled'>;
  /** What it was confirmed for and is neither paid nor ended. */
  readonly held?: Held | undefined;
  /** Bills that were paid, by number. */
  readonly paid: Map<string, Held>;
}

/** What confirming an enrolment depends on beyond its own stream. */
export interface EnrolmentFacts {
  /** The number that its bill will have. */
  readonly bill: string;
  /** The courses' papers in the period, by course: unit where it has one, and the fee in fen where one is set. */
  readonly papers: ReadonlyMap<string, { readonly unit?: string | undefined; readonly fen?: number | undefined }>;
  readonly window: WindowState;
  /** By when the bill is to be paid (instant). */
  readonly dueBy?: string | undefined;
  /** Courses whose results are released and passed, those exempted 免考, and those whose exemption is not decided yet. */
  readonly passed: ReadonlySet<string>;
  readonly exempted: ReadonlySet<string>;
  readonly exemptionPending: ReadonlySet<string>;
  /** Bills of the period that are due or paid, wherever they were issued. */
  readonly bills: readonly (Held & { readonly due: boolean })[];
}

export const enrolment: Decider<Enrolment, EnrolmentEvent> = {
  initial: () => ({ courses: new Map(), seats: new Map(), paid: new Map() }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'CourseEnrolled':
        state.courses.set(data.course, 'enrolled');
        return state;
      case 'CourseWithdrawn':
        state.courses.set(data.course, 'withdrawn');
        return state;
      case 'EnrolmentConfirmed':
        return { ...state, held: { bill: data.bill, courses: data.lines.map(({ code }) => code) } };
      case 'EnrolmentPaid': {
        const { bill, courses } = data;
        state.paid.set(bill, { bill, courses });
        return { ...state, held: state.held?.bill === bill ? undefined : state.held };
      }
      case 'EnrolmentFreed':
        return { ...state, held: state.held?.bill === data.bill ? undefined : state.held };
      case 'SeatArranged': {
        const { site, address, room, seat } = data;
        state.seats.set(data.course, { site, address, room, seat });
        return state;
      }
      case 'SeatCancelled':
        state.seats.set(data.course, 'cancelled');
        return state;
    }
  },
};

/**
 * Confirms 确认报考 the courses that are chosen and not paid: the bill that follows from it holds them until it is paid or ends.
 * @throws Refusal enrolment.not_open, enrolment.closed, enrolment.bill_due, enrolment.no_courses, and for a course (docs/domain.md,
 * rule 2) enrolment.not_examined, enrolment.unit_taken, enrolment.passed, enrolment.exempted, enrolment.exemption_pending,
 * enrolment.no_fee
 */
export function confirmEnrolment(
  state: Enrolment,
  { candidateId, period, given }: OfPeriod & { readonly given: Given },
  facts: EnrolmentFacts,
): EnrolmentEvent[] {
  refuseWhileDue(state, facts);
  if (facts.window === 'not_open') throw refused('enrolment.not_open', { period });
  if (facts.window === 'closed' || (facts.dueBy !== undefined && given.at >= facts.dueBy)) throw refused('enrolment.closed', { period });
  const paid = paidCourses(state, facts);
  const enrolled = [...state.courses].filter(([, stands]) => stands === 'enrolled').map(([course]) => course);
  const lines = enrolled.filter((course) => !paid.has(course)).map((course) => lineOf(course, facts));
  if (lines.length === 0) throw refused('enrolment.no_courses', { period });
  refuseClashes(enrolled, facts);
  const fen = lines.reduce((sum, line) => sum + line.fen, 0);
  return [{ type: 'EnrolmentConfirmed', data: { candidateId, period, bill: facts.bill, lines, fen, createdAt: given.at, dueBy: facts.dueBy } }];
}

/**
 * Takes back 取消报考 a course that is not paid: it can be enrolled in again while the window is open.
 * @throws Refusal enrolment.not_enrolled, enrolment.not_open, enrolment.closed, enrolment.bill_due, enrolment.paid
 */
export function withdrawCourse(state: Enrolment, { candidateId, period, course }: OfCourse, facts: Pick<EnrolmentFacts, 'window' | 'bills'>): EnrolmentEvent[] {
  const stands = state.courses.get(course);
  if (stands === 'withdrawn') return [];
  if (stands === undefined) throw refused('enrolment.not_enrolled', { course });
  if (facts.window !== 'open') throw refused(`enrolment.${facts.window}`, { period });
  refuseWhileDue(state, facts);
  if (paidCourses(state, facts).has(course)) throw refused('enrolment.paid', { course });
  return [{ type: 'CourseWithdrawn', data: { candidateId, period, course } }];
}

/**
 * Its bill is paid, or one that came by import is.
 * @throws Refusal enrolment.held_by_another when its courses are to be paid by another bill by now
 */
export function settleEnrolment(state: Enrolment, { candidateId, period, bill, courses }: OfPeriod & Held): EnrolmentEvent[] {
  if (state.paid.has(bill)) return [];
  const { held } = state;
  if (held && held.bill !== bill && held.courses.some((course) => courses.includes(course))) {
    throw refused('enrolment.held_by_another', { bill, other: held.bill });
  }
  return [{ type: 'EnrolmentPaid', data: { candidateId, period, bill, courses } }];
}

/** Its bill ended unpaid: the courses stay chosen, and can be changed and confirmed anew. */
export function freeEnrolment(state: Enrolment, { candidateId, period, bill, why }: FreedBy): EnrolmentEvent[] {
  if (state.held?.bill !== bill) return [];
  return [{ type: 'EnrolmentFreed', data: { candidateId, period, bill, courses: state.held.courses, why } }];
}

interface FreedBy extends OfPeriod {
  readonly bill: string;
  readonly why: 'expired' | 'cancelled';
}

const eventTypeOf = { enrolled: 'CourseEnrolled', withdrawn: 'CourseWithdrawn' } as const;

/** Says that a course is enrolled in or withdrawn from; a withdrawal is a fact even where the enrolment came before all records. */
export function recordEnrolment(
  state: Enrolment,
  { candidateId, period, course, state: reported }: OfCourse & { readonly state: EnrolmentState },
): EnrolmentEvent[] {
  return state.courses.get(course) === reported ? [] : [{ type: eventTypeOf[reported], data: { candidateId, period, course } }];
}

/** Says where the candidate sits, or that the seat is cancelled. */
export function arrangeSeat(state: Enrolment, { candidateId, period, course, seat }: OfCourse & { readonly seat: Seat | 'cancelled' }): EnrolmentEvent[] {
  if (same(state.seats.get(course), seat)) return [];
  if (seat === 'cancelled') return [{ type: 'SeatCancelled', data: { candidateId, period, course } }];
  return [{ type: 'SeatArranged', data: { candidateId, period, course, ...seat } }];
}

function lineOf(course: string, facts: EnrolmentFacts): BillLine {
  const paper = facts.papers.get(course);
  if (!paper) throw refused('enrolment.not_examined', { course });
  if (facts.passed.has(course)) throw refused('enrolment.passed', { course });
  if (facts.exempted.has(course)) throw refused('enrolment.exempted', { course });
  if (facts.exemptionPending.has(course)) throw refused('enrolment.exemption_pending', { course });
  if (paper.fen === undefined) throw refused('enrolment.no_fee', { course });
  return { code: course, fen: paper.fen };
}

/** While a bill of the period is due, nothing that it may be for changes. */
function refuseWhileDue({ held }: Enrolment, { bills }: Pick<EnrolmentFacts, 'bills'>): void {
  const due = held ?? bills.find((each) => each.due);
  if (due) throw refused('enrolment.bill_due', { bill: due.bill });
}

/** Those that a bill is paid for or due. */
function paidCourses({ paid }: Enrolment, { bills }: Pick<EnrolmentFacts, 'bills'>): ReadonlySet<string> {
  return new Set([...paid.values(), ...bills].flatMap(({ courses }) => courses));
}

/** One course a unit, those included that are paid already. */
function refuseClashes(courses: readonly string[], { papers }: EnrolmentFacts): void {
  const taken = new Map<string, string>();
  for (const course of courses) {
    const unit = papers.get(course)?.unit;
    if (unit === undefined) continue;
    const other = taken.get(unit);
    if (other !== undefined) throw refused('enrolment.unit_taken', { unit, course: other, other: course });
    taken.set(unit, course);
  }
}
