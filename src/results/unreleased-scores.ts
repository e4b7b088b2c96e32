import type { Recorded } from '../event-store/event.js';
import { type ResultEvent, resultEvents } from './results.events.js';

/** What stands where a result may not be seen yet. It has the shape of a remark, so that whatever shows results shows it. */
const NOT_RELEASED = { remark: '未发布' };
const MASKED_TYPE: ResultEvent['type'] = 'ScoreRecorded';

/**
 * Events without the results of periods that are not released. Whatever is recorded about a result becomes the same event, so that nobody
 * learns that a score was corrected, withheld or withdrawn.
 */
export function withoutUnreleasedScores(events: readonly Recorded[], isReleased: (period: string) => boolean): readonly Recorded[] {
  return events.map((event) => (isOfResult(event) && (event.unknown || !isReleased(event.data.period)) ? masked(event) : event));
}

/** Whether `withoutUnreleasedScores` made the event. */
export function isMasked({ data }: Recorded): boolean {
  return 'result' in data && data.result === NOT_RELEASED;
}

function isOfResult(event: Recorded): event is Recorded<ResultEvent> {
  return Object.hasOwn(resultEvents, event.type);
}

/** Only what is named here is shown: what a later event holds besides is left out too. */
function masked(event: Recorded<ResultEvent>): Recorded {
  const { stream, revision, position, recordedAt, subject, unknown } = event;
  const { correlation, by, origin } = event.metadata;
  const place = `${stream}@${revision}`; // the ids of imported events are digests of their rows, from which scores could be guessed
  const { candidateId, period, course } = event.data;
  return {
    type: MASKED_TYPE,
    data: unknown ? { result: NOT_RELEASED } : { candidateId, period, course, result: NOT_RELEASED },
    metadata: { command: place, correlation, by, origin },
    id: place,
    stream,
    revision,
    position,
    ...(subject !== undefined && { subject }),
    recordedAt,
    ...(unknown && { unknown }),
  };
}
