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
  readonly result?: Result | undefined;
  /** 待定: a result will follow. */
  readonly withheld?: true | undefined;
  /** What was recorded before a correction. */
  readonly corrected?: Result | undefined;
  /** When it was corrected (instant): a correction from before the release is nothing that a candidate needs to hear of. */
  readonly correctedAt?: string | undefined;
}

/** A candidate's courses by period and course code; names, days and releases are the catalogue's. */
export interface Sittings {
  readonly [period: string]: { readonly [course: string]: Sitting };
}

type SittingEvent = EnrolmentEvent | PaymentEvent | ResultEvent;

/** A sitting while events are folded. */
interface Folded extends Omit<Sitting, 'paidBy'> {
  readonly paidBy?: Set<string> | undefined;
}

/** By period and course; and the sittings that each bill pays for, as their two codes. */
interface AllFolded {
  readonly periods: Map<string, Map<string, Folded>>;
  readonly paidFor: Map<string, (readonly [period: string, course: string])[]>;
}

export const sittings = projection<Sittings, SittingEvent, AllFolded>({
  name: 'sittings',
  version: 1,
  earlierFingerprints: ['7af9c1272c647ef7', '016ecf593a321ad1'],
  key: bySubject,
  empty: {},
  state: { open: opened, close: closed },
  on: {
    CourseEnrolled: (all, { data: { period, course } }) => change(all, period, course, { enrolled: true }),
    CourseWithdrawn: (all, { data: { period, course } }) => change(all, period, course, { enrolled: false }),
    SeatArranged: (all, { data: { period, course, site, address, room, seat } }) => change(all, period, course, { seat: { site, address, room, seat } }),
    SeatCancelled: (all, { data: { period, course } }) => change(all, period, course, { seat: undefined }),
    BillPaid: (all, { data: { bill, kind, period, codes } }) => (kind === 'enrolment' ? pay(all, bill, period, codes) : all),
    BillRefunded: (all, { data: { bill } }) => takeBack(all, bill),
    BillReopened: (all, { data: { bill } }) => takeBack(all, bill),
    ScoreRecorded: (all, { data: { period, course, result }, recordedAt }) => {
      const { result: before, corrected } = all.periods.get(period)?.get(course) ?? unheardOf;
      const replaces = corrected && !before; // a result that was withheld or withdrawn
      return change(all, period, course, { result, withheld: undefined, ...(replaces && { correctedAt: recordedAt }) });
    },
    ScoreCorrected: (all, { data: { period, course, result }, recordedAt }) => replace(all, period, course, { result, withheld: undefined }, recordedAt),
    ScoreWithheld: (all, { data: { period, course }, recordedAt }) => replace(all, period, course, { result: undefined, withheld: true }, recordedAt),
    ScoreWithdrawn: (all, { data: { period, course }, recordedAt }) => replace(all, period, course, { result: undefined, withheld: undefined }, recordedAt),
  },
});

const unheardOf: Folded = { enrolled: false, paid: false };

function opened(document: Sittings): AllFolded {
  const all: AllFolded = { periods: new Map(), paidFor: new Map() };
  for (const [period, courses] of Object.entries(document)) {
    const folded = coursesOf(all, period);
    for (const [course, { paidBy, ...sitting }] of Object.entries(courses)) {
      folded.set(course, paidBy ? { ...sitting, paidBy: new Set(paidBy) } : sitting);
      for (const bill of paidBy ?? []) paidForBy(all, bill).push([period, course]);
    }
  }
  return all;
}

function closed({ periods }: AllFolded): Sittings {
  const courses = (folded: ReadonlyMap<string, Folded>) =>
    Array.from(folded, ([course, { paidBy, ...sitting }]): [string, Sitting] => [course, paidBy ? { ...sitting, paidBy: [...paidBy] } : sitting]);
  return Object.fromEntries(Array.from(periods, ([period, folded]) => [period, Object.fromEntries(courses(folded))]));
}

function change(all: AllFolded, period: string, course: string, changes: Partial<Folded>): AllFolded {
  const courses = coursesOf(all, period);
  courses.set(course, { ...(courses.get(course) ?? unheardOf), ...changes });
  return all;
}

/** Replaces the result; what was replaced last stays on record while there is none. */
function replace(all: AllFolded, period: string, course: string, changes: Partial<Folded>, at: string): AllFolded {
  const { result, corrected } = all.periods.get(period)?.get(course) ?? unheardOf;
  const before = result ?? corrected;
  return change(all, period, course, before ? { ...changes, corrected: before, correctedAt: at } : changes);
}

function pay(all: AllFolded, bill: string, period: string, courses: readonly string[]): AllFolded {
  const folded = coursesOf(all, period);
  for (const course of courses) {
    const paidBy = folded.get(course)?.paidBy ?? new Set();
    if (!paidBy.delete(bill)) paidForBy(all, bill).push([period, course]);
    change(all, period, course, { paid: true, paidBy: paidBy.add(bill) });
  }
  return all;
}

function takeBack(all: AllFolded, bill: string): AllFolded {
  for (const [period, course] of all.paidFor.get(bill) ?? []) {
    const paidBy = all.periods.get(period)?.get(course)?.paidBy;
    paidBy?.delete(bill);
    change(all, period, course, { paid: paidBy !== undefined && paidBy.size > 0, paidBy });
  }
  all.paidFor.delete(bill);
  return all;
}

function coursesOf({ periods }: AllFolded, period: string): Map<string, Folded> {
  const known = periods.get(period);
  const courses = known ?? new Map<string, Folded>();
  if (!known) periods.set(period, courses);
  return courses;
}

function paidForBy({ paidFor }: AllFolded, bill: string): (readonly [string, string])[] {
  const known = paidFor.get(bill);
  const courses = known ?? [];
  if (!known) paidFor.set(bill, courses);
  return courses;
}
