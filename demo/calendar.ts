import { DateTime } from 'luxon';

/** Beijing's offset has been the same since 1991. A time zone would have to be looked up for each instant, which takes seconds in all. */
const BEIJING = 'UTC+8';

/** The exam weekend's time slots: unit, days after its Saturday, start. */
export const UNITS = [
  { unit: 'A', day: 0, starts: '09:00' },
  { unit: 'B', day: 0, starts: '14:30' },
  { unit: 'C', day: 1, starts: '09:00' },
  { unit: 'D', day: 1, starts: '14:30' },
] as const;

/** The month of a half-year's exam, April or October, counted from the half-year's first month. */
const APRIL = 3;
const HALF_YEAR = 6;

/** An exam period by its code (`2610`), with its dates. */
export interface ExamPeriod {
  readonly code: string;
  readonly name: string;
  /** Counted from the current period: 1 is the next, -1 the last. */
  readonly place: number;
  /** The first exam day. */
  readonly saturday: DateTime;
  readonly registrationOpens: DateTime;
  readonly registrationCloses: DateTime;
  readonly confirmationOpens: DateTime;
  readonly confirmationCloses: DateTime;
  readonly enrolmentOpens: DateTime;
  readonly enrolmentCloses: DateTime;
  readonly paymentCloses: DateTime;
  readonly arrangementsReleased: DateTime;
  readonly resultsReleased: DateTime;
  readonly reviewCloses: DateTime;
}

/**
 * The exam periods around a day. Codes and names are those of the nearest April and October; the dates are shifted so that something
 * is always about to happen, as the demo's footer says.
 */
export interface Calendar {
  readonly today: DateTime;
  /** Enrolment is open. */
  readonly next: ExamPeriod;
  /** Its exam is three to nine days ahead and its arrangements are released. */
  readonly current: ExamPeriod;
  /** Its results came out yesterday. */
  readonly last: ExamPeriod;
  /** Earlier periods, the newest first. Only the first few have exams; in the others candidates only registered. */
  readonly older: readonly ExamPeriod[];
}

export function calendar(now: Date): Calendar {
  const today = DateTime.fromJSDate(now, { zone: BEIJING }).startOf('day');
  const soonest = today.plus({ days: 3 });
  const saturday = soonest.plus({ days: (6 - soonest.weekday + 7) % 7 });
  const current = nearestHalf(saturday);
  const last = examPeriod(-1, current, sittingAt(saturday, -3));
  return {
    today,
    next: examPeriod(1, current, sittingAt(saturday, 3), today.minus({ days: 10 })),
    current: examPeriod(0, current, saturday),
    last: { ...last, resultsReleased: today.minus({ days: 1 }).set({ hour: 10 }), reviewCloses: today.plus({ days: 4 }) },
    older: Array.from({ length: 16 }, (_, at) => examPeriod(-2 - at, current, sittingAt(saturday, -9 - 6 * at))),
  };
}

/** The first, second … period before the last one. */
export function earlierPeriod({ older }: Calendar, times: number): ExamPeriod {
  const period = older[times - 1];
  if (!period) throw new Error(`no period ${times} before the last`);
  return period;
}

/** The same Saturday of the month, some months later. */
function sittingAt(saturday: DateTime, months: number): DateTime {
  const first = saturday.startOf('month').plus({ months });
  const week = Math.min(Math.ceil(saturday.day / 7), 4) - 1;
  return first.plus({ days: ((6 - first.weekday + 7) % 7) + 7 * week });
}

/** The half-year whose April or October is nearest to a day; half-years are counted from the year 0. */
function nearestHalf({ year, month }: DateTime): number {
  return Math.round((12 * year + month - 1 - APRIL) / HALF_YEAR);
}

/**
 * A period, whose dates follow from its exam weekend and from the day on which registration opens.
 * @param current the half-year of the current period
 */
function examPeriod(place: number, current: number, saturday: DateTime, opens = saturday.minus({ days: 110 })): ExamPeriod {
  const resultsOn = saturday.plus({ days: 50 });
  const months = HALF_YEAR * (current + place) + APRIL;
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  return {
    code: `${String(year % 100).padStart(2, '0')}${String(month).padStart(2, '0')}`,
    name: `${year}年${month}月`,
    place,
    saturday,
    registrationOpens: opens,
    registrationCloses: opens.plus({ days: 15 }),
    confirmationOpens: opens.plus({ days: 1 }),
    confirmationCloses: opens.plus({ days: 16 }),
    enrolmentOpens: opens.plus({ days: 2 }),
    enrolmentCloses: opens.plus({ days: 16 }),
    paymentCloses: opens.plus({ days: 17 }),
    arrangementsReleased: saturday.minus({ days: 10 }).set({ hour: 10 }),
    resultsReleased: resultsOn.set({ hour: 10 }),
    // five days that include the day of release
    reviewCloses: resultsOn.plus({ days: 5 }),
  };
}

/** ISO 8601 with the offset, as the input files have it. */
export function instant(moment: DateTime): string {
  return moment.toISO({ suppressMilliseconds: true }) ?? '';
}

/** `YYYY-MM-DD` */
export function date(moment: DateTime): string {
  return moment.toISODate() ?? '';
}
