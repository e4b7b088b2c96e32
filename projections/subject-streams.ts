import type { Event } from '../src/event-store/event.js';
import { bySubject, projection } from '../src/read-models/projection.js';

/** The names of a candidate's streams, in the order in which they began. */
export interface SubjectStreams {
  readonly streams: readonly string[];
}

/** For a log without an index by subject (EventStoreDB). Also lists the streams of forgotten candidates. */
export const subjectStreams = projection<SubjectStreams, Event, Set<string>>({
  name: 'subject-streams',
  version: 1,
  earlierFingerprints: ['30458b9b9bcf128d', '8d7c1397d1bcfbc9'],
  key: bySubject,
  empty: { streams: [] },
  instants: [],
  money: [],
  state: { open: ({ streams }) => new Set(streams), close: (streams) => ({ streams: [...streams] }) },
  on: {},
});

/** The same, for events of all these types that have a subject. */
export function subjectStreamsBy(types: readonly string[]): typeof subjectStreams {
  const listed = (streams: Set<string>, { stream }: { readonly stream: string }) => streams.add(stream);
  return { ...subjectStreams, on: Object.fromEntries(types.map((type) => [type, listed])) };
}
