import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import type { Recorded } from '../../event-store/event.js';
import type { Release } from './timeline.view.js';

/** What became visible to a candidate at the releases of the periods that the events are about, by now. */
export function releasesFor(events: readonly Recorded[], catalogue: Pick<Catalogue, 'period'>, now: Date): readonly Release[] {
  const periods = new Set(events.flatMap(({ data }) => ('period' in data && 'course' in data && typeof data.period === 'string' ? [data.period] : [])));
  return [...periods].flatMap((code) => {
    const { name, arrangementsReleasedAt, resultsReleasedAt } = catalogue.period(code) ?? { name: code };
    return [
      { at: arrangementsReleasedAt, says: `${name}的考试安排发布` },
      { at: resultsReleasedAt, says: `${name}的成绩发布` },
    ].flatMap(({ at, says }) => (at !== undefined && isReached(at, now) ? [{ at: new Date(at).toISOString(), says }] : []));
  });
}
