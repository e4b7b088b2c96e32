import { DateTime } from 'luxon';
import type { Period } from '../../../projections/periods.js';
import { milliseconds } from '../window.js';

/** An exam period's dates in milliseconds since the epoch; undefined where one is not known. */
export interface PeriodDates {
  readonly code: string;
  readonly enrolmentOpens: number | undefined;
  /** Where the exam days are not known: the beginning of the month that the code names; Infinity where it names none. */
  readonly examStarts: number;
  /** The end of the last exam day in Beijing. */
  readonly examEnds: number | undefined;
  readonly arrangementsReleased: number | undefined;
  readonly resultsReleased: number | undefined;
}

/** The dates of all periods, nearest exam first. */
export function calendarOf(periods: ReadonlyMap<string, Period>): readonly PeriodDates[] {
  return [...periods]
    .map(([code, period]) => datesOf(code, period))
    .sort((one, other) => compareTimes(one.examStarts, other.examStarts) || (monthOfPeriod(one.code) < monthOfPeriod(other.code) ? -1 : 1));
}

function datesOf(code: string, period: Period): PeriodDates {
  const days = Object.values(period.units)
    .map(({ date }) => date)
    .sort();
  const first = period.examStarts ?? days[0];
  const last = period.examEnds ?? days.at(-1) ?? first;
  return {
    code,
    enrolmentOpens: optionalTime(period.enrolment.opens),
    examStarts: first === undefined ? startOfMonth(code) : startOfDay(first).toMillis(),
    examEnds: last === undefined ? undefined : startOfDay(last).plus({ days: 1 }).toMillis(),
    arrangementsReleased: optionalTime(period.arrangementsReleasedAt),
    resultsReleased: optionalTime(period.resultsReleasedAt),
  };
}

/** Two digits of a year from these on are of the last century: the first exam was in 1981. */
const LAST_CENTURY = '80';

/** The month of a period's code YYMM as `YYYY-MM`. Periods are compared by it: codes of two centuries do not sort. */
export function monthOfPeriod(code: string): string {
  return `${code < LAST_CENTURY ? '20' : '19'}${code.slice(0, 2)}-${code.slice(2)}`;
}

function startOfMonth(code: string): number {
  const month = startOfDay(`${monthOfPeriod(code)}-01`);
  return month.isValid ? month.toMillis() : Number.POSITIVE_INFINITY;
}

/** The month of an instant in Beijing as a period's code YYMM. */
export function periodCodeAt(instant: string): string {
  return DateTime.fromISO(instant, { zone: 'Asia/Shanghai' }).toFormat('yyMM');
}

/** For sorting by time. The difference of two infinite times would be NaN. */
export function compareTimes(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function optionalTime(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : milliseconds(instant);
}

/** The start of a day in Beijing. @param date `YYYY-MM-DD` */
export function startOfDay(date: string): DateTime {
  return DateTime.fromISO(`${date}T00:00`, { zone: 'Asia/Shanghai' });
}
