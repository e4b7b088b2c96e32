import { isReached } from '../catalogue/window.js';
import type { Seat } from '../enrolments/enrolments.events.js';
import { type CandidatePaper, duration, type PapersCatalogue, type PlaceChange, placeChange } from '../enrolments/papers.js';
import { daysLeft, halfDay, moment, shortSitting } from '../web/views/formats.js';

/** An exam within this time is shown first on the page, in milliseconds. */
const NEAR = 30 * 86_400_000;

/** The candidate's next paper, and the others of its day. */
export interface NextPaper {
  readonly near: boolean;
  readonly name: string;
  readonly code: string;
  /** `11月28日 周六 上午 09:00` */
  readonly when: string;
  /** `还有 6 天` */
  readonly left: string;
  readonly duration: string | undefined;
  readonly seat: Seat | undefined;
  /** For a paper without a seat: what is known of the release. */
  readonly arrangements: string;
  readonly sameDay: readonly { readonly name: string; readonly when: string; readonly seat: Seat | undefined; readonly placeChange: PlaceChange | undefined }[];
}

/** The first of these papers that is paid for and not over; undefined where none has a time. */
export function nextPaper(papers: readonly CandidatePaper[], catalogue: PapersCatalogue, now: Date): NextPaper | undefined {
  const [next, ...later] = papers
    .filter(({ paid, endsAt }) => paid && Number.isFinite(endsAt) && !isReached(endsAt, now))
    .sort((one, other) => one.startsAt - other.startsAt);
  if (next?.date === undefined || next.starts === undefined) return undefined;
  const sameDay = later.filter(({ date }) => date === next.date);
  return {
    near: next.startsAt - now.getTime() < NEAR,
    name: next.name,
    code: next.code,
    when: shortSitting(next.date, next.starts),
    left: isReached(next.startsAt, now) ? '正在考试' : daysLeft(next.date, now.getTime()),
    duration: next.minutes === undefined ? undefined : duration(next.minutes),
    seat: next.seat,
    arrangements: arrangements(next.period, catalogue, now),
    sameDay: sameDay.map((paper, at) => ({
      name: paper.name,
      when: `${halfDay(paper.starts ?? '')} ${paper.starts}`,
      seat: paper.seat,
      placeChange: placeChange(sameDay[at - 1] ?? next, paper),
    })),
  };
}

function arrangements(period: string, catalogue: PapersCatalogue, now: Date): string {
  if (catalogue.arrangementsReleased(period, now)) return '考点和座位还没有安排好，请过一两天再看。';
  const at = catalogue.period(period)?.arrangementsReleasedAt;
  return at ? `考点和座位 ${moment(at)} 公布。` : '考点和座位还没有公布。';
}
