import type { WindowState } from '../catalogue/catalogue.events.js';
import type { Decider, Given } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { BillLine } from '../payments/payments.events.js';
import type { EnrolmentEvent, Seat } from './enrolments.events.js';
import { refused } from './enrolments.refusals.js';

export type EnrolmentState = 'enrolled' | 'withdrawn';

interface EnrolmentKey {
  readonly candidateId: string;
  readonly period: string;
}

interface CourseKey extends EnrolmentKey {
  readonly course: string;
}

/** A bill and the courses that it is for. */
interface CourseBill {
  readonly bill: string;
  readonly courses: readonly string[];
}

/** A candidate's enrolment 报考 in one period, by course. */
interface Enrolment {
  readonly courses: Map<string, EnrolmentState>;
  readonly seats: Map<string, Seat | 'cancelled'>;
  /** The bill for which it was confirmed, until it is paid or ended. */
  readonly openBill?: CourseBill | undefined;
  /** Bills that were paid, by number. */
  readonly paid: Map<string, CourseBill>;
}

/** What confirming an enrolment depends on beside its own stream. */
export interface EnrolmentFacts {
  /** The number of the bill to be issued. */
  readonly bill: string;
  /** The courses' papers in the period, by course: unit where it has one, and the fee in fen where one is set. */
  readonly papers: ReadonlyMap<string, { readonly unit?: string | undefined; readonly fen?: number | undefined }>;
  readonly window: WindowState;
  /** The deadline of the bill (instant). */
  readonly dueBy?: string | undefined;
  /** Courses whose results are released and passed, those exempted 免考, and those whose exemption is not decided yet. */
  readonly passed: ReadonlySet<string>;
  readonly exempted: ReadonlySet<string>;
  readonly exemptionPending: ReadonlySet<string>;
  /** The period's bills that are due or paid, issued here or elsewhere. */
  readonly bills: readonly (CourseBill & { readonly due: boolean })[];
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
        return { ...state, openBill: { bill: data.bill, courses: data.lines.map(({ code }) => code) } };
      case 'EnrolmentPaid': {
        const { bill, courses } = data;
        state.paid.set(bill, { bill, courses });
        return { ...state, openBill: state.openBill?.bill === bill ? undefined : state.openBill };
      }
      case 'EnrolmentFreed':
        return { ...state, openBill: state.openBill?.bill === data.bill ? undefined : state.openBill };
      case 'EnrolmentPaymentWithdrawn':
        state.paid.delete(data.bill);
        return state;
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
 * Confirms 确认报考 the chosen courses that are not paid. Until their bill is paid or ended they cannot be changed.
 * @throws Refusal enrolment.not_open, enrolment.closed, enrolment.bill_due, enrolment.no_courses, and for a course (docs/domain.md,
 * rule 2) enrolment.not_examined, enrolment.unit_taken, enrolment.passed, enrolment.exempted, enrolment.exemption_pending,
 * enrolment.no_fee
 */
export function confirmEnrolment(
  state: Enrolment,
  { candidateId, period, given }: EnrolmentKey & { readonly given: Given },
  facts: EnrolmentFacts,
): EnrolmentEvent[] {
  refuseWhileDue(state, facts);
  if (facts.window === 'not_open') throw refused('enrolment.not_open', { period });
  if (facts.window === 'closed' || (facts.dueBy !== undefined && given.at >= facts.dueBy)) throw refused('enrolment.closed', { period });
  const paid = paidCourses(state, facts);
  const enrolled = [...state.courses].filter(([, courseState]) => courseState === 'enrolled').map(([course]) => course);
  const lines = enrolled.filter((course) => !paid.has(course)).map((course) => lineOf(course, facts));
  if (lines.length === 0) throw refused('enrolment.no_courses', { period });
  refuseClashes(enrolled, facts);
  const fen = lines.reduce((sum, line) => sum + line.fen, 0);
  return [{ type: 'EnrolmentConfirmed', data: { candidateId, period, bill: facts.bill, lines, fen, createdAt: given.at, dueBy: facts.dueBy } }];
}

/**
 * Withdraws from a course 取消报考 that is not paid. It can be chosen again while the window is open.
 * @throws Refusal enrolment.not_enrolled, enrolment.not_open, enrolment.closed, enrolment.bill_due, enrolment.paid
 */
export function withdrawCourse(
  state: Enrolment,
  { candidateId, period, course }: CourseKey,
  facts: Pick<EnrolmentFacts, 'window' | 'bills'>,
): EnrolmentEvent[] {
  const courseState = state.courses.get(course);
  if (courseState === 'withdrawn') return [];
  if (courseState === undefined) throw refused('enrolment.not_enrolled', { course });
  if (facts.window !== 'open') throw refused(`enrolment.${facts.window}`, { period });
  refuseWhileDue(state, facts);
  if (paidCourses(state, facts).has(course)) throw refused('enrolment.paid', { course });
  return [{ type: 'CourseWithdrawn', data: { candidateId, period, course } }];
}

/**
 * Records that its bill, or an imported one, is paid.
 * @throws Refusal enrolment.held_by_another when its courses are on another open bill by now
 */
export function settleEnrolment(state: Enrolment, { candidateId, period, bill, courses }: EnrolmentKey & CourseBill): EnrolmentEvent[] {
  if (state.paid.has(bill)) return [];
  const { openBill } = state;
  if (openBill && openBill.bill !== bill && openBill.courses.some((course) => courses.includes(course))) {
    throw refused('enrolment.held_by_another', { bill, other: openBill.bill });
  }
  return [{ type: 'EnrolmentPaid', data: { candidateId, period, bill, courses } }];
}

/** Records that its bill ended unpaid: the courses stay chosen, and can be changed and confirmed again. */
export function freeEnrolment(state: Enrolment, { candidateId, period, bill, why }: EndedBill): EnrolmentEvent[] {
  if (state.openBill?.bill !== bill) return [];
  return [{ type: 'EnrolmentFreed', data: { candidateId, period, bill, courses: state.openBill.courses, why } }];
}

/** Records that its bill is not paid after all. */
export function withdrawEnrolmentPayment(state: Enrolment, { candidateId, period, bill }: EnrolmentKey & Pick<CourseBill, 'bill'>): EnrolmentEvent[] {
  return state.paid.has(bill) ? [{ type: 'EnrolmentPaymentWithdrawn', data: { candidateId, period, bill } }] : [];
}

interface EndedBill extends EnrolmentKey {
  readonly bill: string;
  readonly why: 'expired' | 'cancelled';
}

const eventTypeOf = { enrolled: 'CourseEnrolled', withdrawn: 'CourseWithdrawn' } as const;

/** Records an enrolment or a withdrawal; a withdrawal also where the enrolment itself was never recorded. */
export function recordEnrolment(
  state: Enrolment,
  { candidateId, period, course, state: reported }: CourseKey & { readonly state: EnrolmentState },
): EnrolmentEvent[] {
  return state.courses.get(course) === reported ? [] : [{ type: eventTypeOf[reported], data: { candidateId, period, course } }];
}

/** Records the candidate's seat, or that it is cancelled. */
export function arrangeSeat(state: Enrolment, { candidateId, period, course, seat }: CourseKey & { readonly seat: Seat | 'cancelled' }): EnrolmentEvent[] {
  if (same(state.seats.get(course), seat)) return [];
  if (seat === 'cancelled') return [{ type: 'SeatCancelled', data: { candidateId, period, course } }];
  return [{ type: 'SeatArranged', data: { candidateId, period, course, ...seat } }];
}

/**
 * Corrects what is named of a candidate's seat. Where there is none, all of it has to be named.
 * @throws Refusal seat.incomplete
 */
export function correctSeat(state: Enrolment, { changes, ...of }: CourseKey & { readonly changes: Partial<Seat> }): EnrolmentEvent[] {
  const before = state.seats.get(of.course);
  const { site, address, room, seat }: Partial<Seat> = { ...(before !== 'cancelled' && before), ...changes };
  if (site === undefined || address === undefined || room === undefined || seat === undefined) throw refused('seat.incomplete');
  return arrangeSeat(state, { ...of, seat: { site, address, room, seat } });
}

/**
 * Corrects whether a candidate is enrolled in a course, at any time. The courses of a due bill stay as they are.
 * @throws Refusal enrolment.on_due_bill
 */
export function correctEnrolment(
  state: Enrolment,
  correction: CourseKey & { readonly state: EnrolmentState },
  { bills }: Pick<EnrolmentFacts, 'bills'>,
): EnrolmentEvent[] {
  const { course } = correction;
  const due = [...(state.openBill ? [state.openBill] : []), ...bills.filter((each) => each.due)].find(({ courses }) => courses.includes(course));
  const events = (state.courses.get(course) ?? 'withdrawn') === correction.state ? [] : recordEnrolment(state, correction);
  if (events.length > 0 && due) throw refused('enrolment.on_due_bill', { course, bill: due.bill });
  return events;
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

/** The courses of a due bill must not change. */
function refuseWhileDue({ openBill }: Enrolment, { bills }: Pick<EnrolmentFacts, 'bills'>): void {
  const due = openBill ?? bills.find((each) => each.due);
  if (due) throw refused('enrolment.bill_due', { bill: due.bill });
}

/** The courses of paid bills, and of due ones from elsewhere. */
function paidCourses({ paid }: Enrolment, { bills }: Pick<EnrolmentFacts, 'bills'>): ReadonlySet<string> {
  return new Set([...paid.values(), ...bills].flatMap(({ courses }) => courses));
}

/** One course a unit, counting those that are paid already. */
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
