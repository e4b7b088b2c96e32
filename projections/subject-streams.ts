import { declarationEvents } from '../src/declarations/declarations.events.js';
import { enrolmentEvents } from '../src/enrolments/enrolments.events.js';
import type { Event } from '../src/event-store/event.js';
import { identityEvents } from '../src/identity/identity.events.js';
import { paymentEvents } from '../src/payments/payments.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';
import { registrationEvents } from '../src/registrations/registrations.events.js';
import { resultEvents } from '../src/results/results.events.js';
import { applicationEvents } from '../src/status-applications/status-applications.events.js';

/** The names of a candidate's streams, in the order in which they began. */
export interface SubjectStreams {
  readonly streams: readonly string[];
}

/** Every type of event that is about a candidate. */
const types = Object.keys({
  ...registrationEvents,
  ...identityEvents,
  ...enrolmentEvents,
  ...resultEvents,
  ...paymentEvents,
  ...declarationEvents,
  ...applicationEvents,
});

/** For a log that has no index on whom its events are about (EventStoreDB). It lists the streams of the forgotten, too. */
export const subjectStreams = projection<SubjectStreams, Event, Set<string>>({
  name: 'subject-streams',
  version: 1,
  earlierFingerprints: ['30458b9b9bcf128d'],
  key: bySubject,
  empty: { streams: [] },
  state: { open: ({ streams }) => new Set(streams), close: (streams) => ({ streams: [...streams] }) },
  on: Object.fromEntries(types.map((type) => [type, (streams: Set<string>, { stream }: { readonly stream: string }) => streams.add(stream)])),
});
