import type { Recorded } from '../event-store/event.js';
import type { ResultEvent } from './results.events.js';

/** What stands where a result may not be seen yet. It has the shape of a remark, so that whatever shows results shows it. */
const NOT_RELEASED = { remark: '未发布' };

const WITH_RESULT: ReadonlySet<string> = new Set(['ScoreRecorded', 'ScoreCorrected'] satisfies ResultEvent['type'][]);
const OF_RESULTS: ReadonlySet<string> = new Set([...WITH_RESULT, 'ScoreWithheld', 'ScoreWithdrawn'] satisfies (ResultEvent['type'] | string)[]);

/**
 * Events without the results of periods that are not released: whatever is told or folded of them holds none. Their reasons are left out
 * too, since people write scores into them.
 */
export function withoutUnreleasedScores(events: readonly Recorded[], isReleased: (period: string) => boolean): readonly Recorded[] {
  return events.map((event) => {
    if (!OF_RESULTS.has(event.type) || event.unknown || isReleased((event as Recorded<ResultEvent>).data.period)) return event;
    const { why: _, ...metadata } = event.metadata;
    return { ...event, metadata, ...(WITH_RESULT.has(event.type) && { data: { ...event.data, result: NOT_RELEASED } }) };
  });
}
