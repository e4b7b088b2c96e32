import { DateTime } from 'luxon';
import type { Period } from '../../projections/periods.js';

/** An exam period's moments in milliseconds since the epoch; Infinity where one is not known. */
export interface PeriodMoments {
  readonly code: string;
  readonly enrolmentOpens: number;
  /** Where the exam days are not known: the beginning of the month that the code names. */
  readonly examStarts: number;
  /** The end of the last exam day in Beijing. */
  readonly examEnds: number;
  readonly arrangementsReleased: number;
  readonly resultsReleased: number;
}

/** The moments of all periods, nearest exam first. */
export function calendarOf(periods: ReadonlyMap<string, Period>): readonly PeriodMoments[] {
  return [...periods]
    .map(([code, period]) => momentsOf(code, period))
    .sort((one, other) => compare(one.examStarts, other.examStarts) || (monthOf(one.code) < monthOf(other.code) ? -1 : 1));
}

function momentsOf(code: string, period: Period): PeriodMoments {
  const days = Object.values(period.units)
    .map(({ date }) => date)
    .sort();
  const first = period.examStarts ?? days[0];
  const last = period.examEnds ?? days.at(-1) ?? first;
  return {
    code,
    enrolmentOpens: momentOf(period.enrolment.opens),
    examStarts: first === undefined ? beginningOf(code) : beijing(first).toMillis(),
    examEnds: last === undefined ? Number.POSITIVE_INFINITY : beijing(last).plus({ days: 1 }).toMillis(),
    arrangementsReleased: momentOf(period.arrangementsReleasedAt),
    resultsReleased: momentOf(period.resultsReleasedAt),
  };
}

/** Two digits of a year from these on are of the last century: the first exam was in 1981. */
const LAST_CENTURY = '80';

/** The month of a period's code YYMM as `YYYY-MM`, by which periods compare: codes themselves do not. */
export function monthOf(code: string): string {
  return `${code < LAST_CENTURY ? '20' : '19'}${code.slice(0, 2)}-${code.slice(2)}`;
}

function beginningOf(code: string): number {
  const month = beijing(`${monthOf(code)}-01`);
  return month.isValid ? month.toMillis() : Number.POSITIVE_INFINITY;
}

/** The month of an instant in Beijing as YYMM. */
export function monthCode(instant: string): string {
  return DateTime.fromISO(instant, { zone: 'Asia/Shanghai' }).toFormat('yyMM');
}

/** Infinite ones are equal too, which a difference would not say. */
export function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** An ISO 8601 instant in milliseconds since the epoch; Infinity for none: what is not announced does not come. */
export function momentOf(instant: string | undefined): number {
  return instant === undefined ? Number.POSITIVE_INFINITY : Date.parse(instant);
}

/** A date `YYYY-MM-DD`, and a time of it `HH:MM`, in Beijing. */
export function beijing(date: string, time = '00:00'): DateTime {
  return DateTime.fromISO(`${date}T${time}`, { zone: 'Asia/Shanghai' });
}
