import type { EnrolmentEvent, Seat } from '../src/enrolments/enrolments.events.js';
import type { PaymentEvent } from '../src/payments/payments.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';
import type { Result, ResultEvent } from '../src/results/results.events.js';

/** One course of a candidate in one period, from enrolment over payment and seat to its result. */
export interface Sitting {
  readonly enrolled: boolean;
  readonly paid: boolean;
  readonly seat?: Seat | undefined;
  /** Not to be shown before the period's results are released. */
  readonly result?: Result;
  /** What was recorded before a correction. */
  readonly corrected?: Result;
  /** When it was corrected (instant): a correction from before the release is nothing that a candidate needs to hear of. */
  readonly correctedAt?: string;
}

/** A candidate's courses by period and course code; names, days and releases are the catalogue's. */
export interface Sittings {
  readonly [period: string]: { readonly [course: string]: Sitting };
}

type SittingEvent = EnrolmentEvent | PaymentEvent | ResultEvent;

export const sittings = projection<Sittings, SittingEvent>({
  name: 'sittings',
  version: 1,
  key: bySubject,
  empty: {},
  on: {
    CourseEnrolled: (doc, { data: { period, course } }) => change(doc, period, [course], { enrolled: true }),
    CourseWithdrawn: (doc, { data: { period, course } }) => change(doc, period, [course], { enrolled: false }),
    SeatArranged: (doc, { data: { period, course, site, address, room, seat } }) => change(doc, period, [course], { seat: { site, address, room, seat } }),
    SeatCancelled: (doc, { data: { period, course } }) => change(doc, period, [course], { seat: undefined }),
    BillPaid: (doc, { data: { kind, period, codes } }) => (kind === 'enrolment' ? change(doc, period, codes, { paid: true }) : doc),
    BillRefunded: (doc, { data: { kind, period, codes } }) => (kind === 'enrolment' ? change(doc, period, codes, { paid: false }) : doc),
    BillReopened: (doc, { data: { kind, period, codes } }) => (kind === 'enrolment' ? change(doc, period, codes, { paid: false }) : doc),
    ScoreRecorded: (doc, { data: { period, course, result } }) => change(doc, period, [course], { result }),
    ScoreCorrected: (doc, { data: { period, course, result }, recordedAt }) => {
      const before = doc[period]?.[course]?.result;
      return change(doc, period, [course], before ? { result, corrected: before, correctedAt: recordedAt } : { result });
    },
  },
});

const unheardOf: Sitting = { enrolled: false, paid: false };

function change(doc: Sittings, period: string, courses: readonly string[], changes: Partial<Sitting>): Sittings {
  const ofPeriod = { ...doc[period] };
  for (const course of courses) ofPeriod[course] = { ...unheardOf, ...ofPeriod[course], ...changes };
  return { ...doc, [period]: ofPeriod };
}
