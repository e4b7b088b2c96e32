import type { Viewing, ViewingEvent } from '../src/office/office.events.js';
import { projection } from '../src/read-models/projection.js';

/** What somebody of the office was shown of people; the instant in UTC, `viewer` as in the log (`office:zhang`). */
export interface RecordedViewing extends Viewing {
  readonly at: string;
  readonly viewer: string;
}

/** Found by candidate, by who looked, and by both; in each list the newest come first. */
export const viewings = projection<RecordedViewing, ViewingEvent>({
  name: 'viewings',
  version: 1,
  key: ({ data, recordedAt }) => `${newestFirst(recordedAt)} ${data.viewing}`,
  empty: { viewing: '', candidateIds: [], what: '', reason: '', at: '', viewer: '' },
  instants: ['at'],
  money: [],
  indexes: { newest: ({ at }) => newestFirst(at) },
  lookups: {
    candidate: ({ candidateIds }) => candidateIds,
    officer: ({ viewer }) => [viewer],
    both: ({ viewer, candidateIds }) => candidateIds.map((id) => viewerOf(viewer, id)),
  },
  on: { PersonViewed: (_, { data, recordedAt: at, metadata: { by } }) => ({ ...data, at, viewer: by }) },
});

/** The value of the lookup `both`. */
export function viewerOf(viewer: string, candidateId: string): string {
  return `${candidateId} ${viewer}`;
}

/** The last millisecond that 13 digits hold. */
const LAST = 9_999_999_999_999;

/** Text that sorts the later instant first. */
function newestFirst(instant: string): string {
  return String(LAST - Date.parse(instant)).padStart(13, '0');
}
