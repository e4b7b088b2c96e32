import type { Viewing, ViewingEvent } from '../src/office/office.events.js';
import { projection } from '../src/read-models/projection.js';

/** What somebody of the office was shown of people; the instant in UTC, `by` as in the log (`office:zhang`). */
export interface RecordedViewing extends Viewing {
  readonly at: string;
  readonly by: string;
}

/** Found by candidate, by who looked, and by both; in each list the newest come first. */
export const viewings = projection<RecordedViewing, ViewingEvent>({
  name: 'viewings',
  version: 1,
  key: ({ data, recordedAt }) => `${newestFirst(recordedAt)} ${data.viewing}`,
  empty: { viewing: '', candidateIds: [], what: '', reason: '', at: '', by: '' },
  instants: ['at'],
  money: [],
  indexes: { newest: ({ at }) => newestFirst(at) },
  lookups: {
    candidate: ({ candidateIds }) => candidateIds,
    officer: ({ by }) => [by],
    both: ({ by, candidateIds }) => candidateIds.map((id) => viewerOf(by, id)),
  },
  on: { PersonViewed: (_, { data, recordedAt: at, metadata: { by } }) => ({ ...data, at, by }) },
});

/** The value of the lookup `both`. */
export function viewerOf(by: string, candidateId: string): string {
  return `${candidateId} ${by}`;
}

/** The last millisecond that 13 digits hold. */
const LAST = 9_999_999_999_999;

/** Text that sorts the later instant first. */
function newestFirst(instant: string): string {
  return String(LAST - Date.parse(instant)).padStart(13, '0');
}
