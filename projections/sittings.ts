import type { EnrolmentEvent, Seat } from '../src/enrolments/enrolments.events.js';
import type { PaymentEvent } from '../src/payments/payments.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';
import type { Result, ResultEvent } from '../src/results/results.events.js';

/** One course of a candidate in one period, from enrolment over payment and seat to its result. */
export interface Sitting {
  readonly enrolled: boolean;
  readonly paid: boolean;
  /** The bills that pay for it now: two when it was paid twice and nothing is refunded yet. */
  readonly paidBy?: readonly string[];
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
    CourseEnrolled: (doc, { data: { period, course } }) => change(doc, period, course, { enrolled: true }),
    CourseWithdrawn: (doc, { data: { period, course } }) => change(doc, period, course, { enrolled: false }),
    SeatArranged: (doc, { data: { period, course, site, address, room, seat } }) => change(doc, period, course, { seat: { site, address, room, seat } }),
    SeatCancelled: (doc, { data: { period, course } }) => change(doc, period, course, { seat: undefined }),
    BillPaid: (doc, { data: { bill, kind, period, codes } }) => (kind === 'enrolment' ? pay(doc, bill, period, codes) : doc),
    BillRefunded: (doc, { data: { bill } }) => takeBack(doc, bill),
    BillReopened: (doc, { data: { bill } }) => takeBack(doc, bill),
    ScoreRecorded: (doc, { data: { period, course, result } }) => change(doc, period, course, { result }),
    ScoreCorrected: (doc, { data: { period, course, result }, recordedAt }) => {
      const before = doc[period]?.[course]?.result;
      return change(doc, period, course, before ? { result, corrected: before, correctedAt: recordedAt } : { result });
    },
  },
});

const unheardOf: Sitting = { enrolled: false, paid: false };

function change(doc: Sittings, period: string, course: string, changes: Partial<Sitting>): Sittings {
  const before = doc[period];
  return withPeriod(doc, period, { ...before, [course]: { ...(before?.[course] ?? unheardOf), ...changes } });
}

/** Codes of periods are digits, and objects with such keys are slow to spread: this takes half the time. */
function withPeriod(doc: Sittings, period: string, courses: Sittings[string]): Sittings {
  const after: { [period: string]: Sittings[string] } = {};
  for (const each of Object.keys(doc)) after[each] = doc[each] as Sittings[string];
  after[period] = courses;
  return after;
}

function pay(doc: Sittings, bill: string, period: string, courses: readonly string[]): Sittings {
  const before = doc[period];
  const paid = courses.map((course): [string, Sitting] => {
    const sitting = before?.[course] ?? unheardOf;
    const others = sitting.paidBy?.filter((each) => each !== bill) ?? [];
    return [course, { ...sitting, paid: true, paidBy: [...others, bill] }];
  });
  return withPeriod(doc, period, { ...before, ...Object.fromEntries(paid) });
}

/** The same document when the bill paid for nothing. */
function takeBack(doc: Sittings, bill: string): Sittings {
  let after = doc;
  for (const [period, courses] of Object.entries(doc)) {
    for (const [course, { paidBy }] of Object.entries(courses)) {
      if (!paidBy?.includes(bill)) continue;
      const others = paidBy.filter((each) => each !== bill);
      after = change(after, period, course, { paid: others.length > 0, paidBy: others });
    }
  }
  return after;
}
