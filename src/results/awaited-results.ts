import type { Sittings } from '../../projections/sittings.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { startOfDay } from '../catalogue/periods/calendar.js';
import { isReached } from '../catalogue/window.js';
import { moment } from '../web/views/formats.js';

/** A period whose exam has begun, for which the candidate has paid, and whose results are not released. */
export interface AwaitedResults {
  readonly period: string;
  readonly name: string;
  readonly courses: number;
  /** The announced release: `2026年12月20日 09:00`. */
  readonly announced: string | undefined;
}

/** The periods whose results a candidate awaits. Nothing else may be said of results before their release. */
export function awaitedResults(sittings: Sittings, catalogue: Pick<Catalogue, 'period' | 'resultsReleased'>, now: Date): readonly AwaitedResults[] {
  return Object.entries(sittings).flatMap(([code, courses]) => {
    const period = catalogue.period(code);
    const paidCourses = Object.values(courses).filter(({ enrolled, paid }) => enrolled && paid).length;
    const begun = period?.examStarts !== undefined && isReached(startOfDay(period.examStarts).toMillis(), now);
    if (!period || paidCourses === 0 || !begun || catalogue.resultsReleased(code, now)) return [];
    return [{ period: code, name: period.name, courses: paidCourses, announced: period.resultsReleasedAt && moment(period.resultsReleasedAt) }];
  });
}
