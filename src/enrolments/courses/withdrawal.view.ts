import type { Bills } from '../../../projections/bills.js';
import type { Sittings } from '../../../projections/sittings.js';
import type { Window } from '../../catalogue/catalogue.events.js';
import { isOpen } from '../../catalogue/window.js';
import { deadline, sitting } from '../../web/views/formats.js';
import { type CandidatePaper, type PapersCatalogue, papersOf } from '../papers.js';

/** Why a course cannot be withdrawn from now. */
type WithdrawalBlock = { readonly why: 'closed' | 'paid' } | { readonly why: 'bill'; readonly bill: string };

interface Withdrawal {
  readonly period: string;
  readonly course: string;
  readonly title: string;
  readonly name: string;
  readonly when: string | undefined;
  readonly blockedBy: WithdrawalBlock | undefined;
  /** Until when it can be enrolled in again: `明天 17:00 截止（11月29日）`. */
  readonly until: string | undefined;
}

/** The data of 取消报考; undefined where the candidate is not enrolled in the course. */
export function withdrawalView(
  sittings: Sittings,
  bills: Bills,
  period: string,
  course: string,
  catalogue: PapersCatalogue,
  now: Date,
): Withdrawal | undefined {
  const courses = Object.hasOwn(sittings, period) ? sittings[period] : undefined;
  const terms = catalogue.period(period);
  const paper = courses && papersOf(period, courses, catalogue, now).find(({ code }) => code === course);
  if (!paper || !terms) return undefined;
  const { closes } = terms.enrolment;
  return {
    period,
    course,
    title: terms.name,
    name: paper.name,
    when: paper.date && paper.starts && sitting(paper.date, paper.starts),
    blockedBy: blockedBy(paper, bills, terms.enrolment, now),
    until: closes && deadline(closes, now.getTime()),
  };
}

/** What `withdrawCourse` would refuse by the read models: the window, a due bill of the period, a paid bill of the course. */
export function blockedBy({ period, code, paid }: CandidatePaper, bills: Bills, window: Window, now: Date): WithdrawalBlock | undefined {
  const ofPeriod = Object.values(bills).filter((bill) => bill.kind === 'enrolment' && bill.period === period);
  if (paid || ofPeriod.some(({ state, lines }) => state === 'paid' && lines.some((line) => line.code === code))) return { why: 'paid' };
  if (!isOpen(window, now)) return { why: 'closed' };
  const due = ofPeriod.find(({ state }) => state === 'due');
  return due && { why: 'bill', bill: due.bill };
}
