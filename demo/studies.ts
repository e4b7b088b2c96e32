import type { DateTime } from 'luxon';
import { type ExamPeriod, UNITS } from './calendar.js';
import { FEES, periodsWithExams, unitOf } from './catalogue.js';
import { type BillTerms, type CohortRecords, isPass, type Outcome } from './cohort-records.js';
import { type Major, plan } from './majors.js';
import type { Candidate } from './people.js';

type Unit = (typeof UNITS)[number]['unit'];
const IN_ORDER: readonly Unit[] = UNITS.map(({ unit }) => unit);

interface BillOfCourses {
  readonly state: BillTerms['state'];
  readonly createdAt: DateTime;
  readonly dueBy: DateTime;
}

/** One candidate's studies: passed courses are not taken again, and one course a unit. */
export class Studies {
  readonly candidate: Candidate;
  readonly #records: CohortRecords;
  readonly #plan = new Set<string>();
  /** Courses that are passed or exempted, or whose outcome is not known yet. */
  readonly #settled = new Set<string>();
  /** Courses of the last period, whose results came out too late for the enrolment of the current one. */
  readonly #satLast = new Set<string>();

  constructor(records: CohortRecords, candidate: Candidate) {
    this.#records = records;
    this.candidate = candidate;
  }

  addMajor(major: Major, added: ExamPeriod, state: 'studying' | 'graduated' | 'left' = 'studying'): this {
    this.#records.addMajor(this.candidate, major, added, state);
    for (const course of plan(major)) this.#plan.add(course);
    return this;
  }

  /** Applies for an exemption 免考 from a course, which has to be taken if that is rejected. */
  exemption(course: string, state: 'draft' | 'submitted' | 'approved' | 'rejected', appliedOn: DateTime, remark?: string): this {
    this.#records.apply(this.candidate, { kind: 'exemption', state, appliedOn, course, ...(remark && { remark }) });
    if (state === 'submitted' || state === 'approved') this.#settled.add(course);
    return this;
  }

  /** Up to one course a unit, in the order of the units given. */
  written(period: ExamPeriod, most: number, units: readonly Unit[] = IN_ORDER): readonly string[] {
    const open = this.#open(period);
    const courses = units.map((unit) => open.find((course) => unitOf(period, course) === unit)).filter((course) => course !== undefined);
    return courses.slice(0, most).toSorted((one, other) => (unitOf(period, one) ?? '').localeCompare(unitOf(period, other) ?? ''));
  }

  /** The first `count` of them. @throws Error when there are fewer */
  exactly(period: ExamPeriod, count: number): readonly string[] {
    const courses = this.written(period, count);
    if (courses.length < count) throw new Error(`${this.candidate.person.name}: ${count} papers wanted in ${period.code}, ${courses.length} found`);
    return courses;
  }

  practicals(period: ExamPeriod): readonly string[] {
    return this.#open(period).filter((course) => unitOf(period, course) === undefined);
  }

  /** Enrols, pays, gets seats and results. A course without a given outcome has no result yet. */
  sit(period: ExamPeriod, courses: readonly string[], outcomes: readonly (Outcome | undefined)[] = []): this {
    if (courses.length === 0) return this;
    const window = period.enrolmentCloses.diff(period.enrolmentOpens, 'minutes').minutes;
    const createdAt = period.enrolmentOpens.plus({ minutes: this.#records.random.between(600, window - 60), seconds: this.#records.random.between(0, 59) });
    this.enrol(period, courses, { state: 'paid', createdAt, dueBy: period.paymentCloses });
    courses.forEach((course, at) => {
      if (period.place === -1) this.#satLast.add(course);
      if (this.#isRecent(period)) this.#records.seat(this.candidate, period, course);
      const outcome = outcomes[at];
      if (outcome !== undefined) this.#records.score(this.candidate, period, course, outcome);
      if (outcome === undefined || isPass(outcome)) this.#settled.add(course);
    });
    return this;
  }

  /** As many written papers as there are outcomes, from the first unit on. */
  sitWritten(period: ExamPeriod, outcomes: readonly (Outcome | undefined)[]): this {
    return this.sit(period, this.exactly(period, outcomes.length), outcomes);
  }

  enrol(period: ExamPeriod, courses: readonly string[], bill: BillOfCourses): this {
    const withdrawn = bill.state === 'cancelled' || bill.state === 'refunded';
    for (const course of courses) this.#records.enrol(this.candidate, period, course, withdrawn ? 'withdrawn' : 'enrolled');
    return this.bill(period, courses, bill);
  }

  bill(period: ExamPeriod, courses: readonly string[], bill: BillOfCourses): this {
    const lines = courses.map((code) => ({ code, fen: unitOf(period, code) ? FEES.written : FEES.practical }));
    this.#records.bill(this.candidate, { kind: 'enrolment', period: period.code, lines, ...bill });
    return this;
  }

  /** Passes the rest of the plan in the periods between two places, both included, with scores that suffice for a degree. */
  complete(from: number, to: number): this {
    for (const period of periodsWithExams(this.#records.days).filter(({ place }) => place >= from && place <= to)) {
      const courses = [...this.written(period, UNITS.length), ...this.practicals(period)];
      this.sit(
        period,
        courses,
        courses.map((course) => (unitOf(period, course) ? this.#records.random.between(66, 93) : '良')),
      );
    }
    const left = [...this.#plan].filter((course) => !this.#settled.has(course));
    if (left.length > 0) throw new Error(`${this.candidate.person.name} could not pass ${left}`);
    return this;
  }

  #open({ place }: ExamPeriod): readonly string[] {
    return [...this.#plan].filter((course) => !this.#settled.has(course) && !(place === 0 && this.#satLast.has(course)));
  }

  /** Seats of earlier periods are not in the records. */
  #isRecent({ place }: ExamPeriod): boolean {
    return place >= -1;
  }
}
