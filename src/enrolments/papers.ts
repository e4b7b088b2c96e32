import type { Sittings } from '../../projections/sittings.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { halfDay } from '../web/views/formats.js';
import type { Seat } from './enrolments.events.js';

/** docs/domain.md, "Words": a written paper lasts 150 minutes where the timetable does not say otherwise. */
const USUAL_MINUTES = 150;
const MINUTE = 60_000;

/** One course that a candidate is enrolled in, with its data in the period's timetable. */
export interface CandidatePaper {
  readonly period: string;
  readonly code: string;
  readonly name: string;
  readonly practical: boolean;
  readonly unit: string | undefined;
  /** `YYYY-MM-DD` and `HH:MM` in Beijing; missing for practicals, whose time the university announces. */
  readonly date: string | undefined;
  readonly starts: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly minutes: number | undefined;
  readonly paid: boolean;
  /** Only once the period's arrangements are released. */
  readonly seat: Seat | undefined;
}

/** What is read of a period and its papers. */
export type PapersCatalogue = Pick<Catalogue, 'arrangementsReleased' | 'course' | 'paper' | 'period'>;

/** The courses that a candidate is enrolled in for a period, by time; those without a time come last. */
export function papersOf(code: string, courses: Sittings[string], catalogue: PapersCatalogue, now: Date): readonly CandidatePaper[] {
  const units = catalogue.period(code)?.units;
  const released = catalogue.arrangementsReleased(code, now);
  return Object.entries(courses)
    .filter(([, { enrolled }]) => enrolled)
    .map(([course, { paid, seat }]) => {
      const paper = catalogue.paper(code, course);
      const slot = paper?.unit === undefined ? undefined : units?.[paper.unit];
      const practical = paper?.form === 'practical';
      const minutes = paper?.minutes ?? (practical ? undefined : USUAL_MINUTES);
      const startsAt = slot ? Date.parse(`${slot.date}T${slot.starts}:00+08:00`) : Number.POSITIVE_INFINITY;
      return {
        period: code,
        code: course,
        name: catalogue.course(course)?.name ?? '名称暂缺',
        practical,
        unit: paper?.unit,
        date: slot?.date,
        starts: slot?.starts,
        startsAt,
        endsAt: startsAt + (minutes ?? 0) * MINUTE,
        minutes,
        paid,
        seat: released ? seat : undefined,
      };
    })
    .sort((left, right) => (left.startsAt === right.startsAt ? (left.code < right.code ? -1 : 1) : left.startsAt - right.startsAt));
}

/** `150 分钟`; for another length with a note that it is not the usual one. */
export function duration(minutes: number): string {
  return minutes === USUAL_MINUTES ? `${minutes} 分钟` : `${minutes} 分钟（不是通常的 ${USUAL_MINUTES} 分钟）`;
}

/** Whether the next paper of a day is at another place: candidates mix up the sites of morning and afternoon. */
export interface PlaceChange {
  readonly otherSite: boolean;
  readonly text: string;
}

/** Undefined where one of the two papers has no seat, or they are on different days. */
export function placeChange(before: CandidatePaper, after: CandidatePaper): PlaceChange | undefined {
  if (!before.seat || !after.seat || before.date !== after.date || before.starts === undefined || after.starts === undefined) return undefined;
  const from = halfDay(before.starts) === halfDay(after.starts) ? '上一场' : halfDay(before.starts);
  const here = from === '上一场' ? '这一场' : halfDay(after.starts);
  if (before.seat.site !== after.seat.site || before.seat.address !== after.seat.address) {
    return { otherSite: true, text: `${here}换考点：与${from}不在同一处，请留出路上的时间。` };
  }
  return { otherSite: false, text: before.seat.room === after.seat.room ? `与${from}同一考点、同一考场。` : `与${from}同一考点，考场不同。` };
}
