import type { IdentityEvent } from '../src/identity/identity.events.js';
import { projection } from '../src/read-models/projection.js';

/** A session that was signed out before its cookies expired; there is no document for any other session. */
export interface EndedSession {
  readonly until?: string;
}

export const endedSessions = projection<EndedSession, Extract<IdentityEvent, { type: 'SignedOut' }>>({
  name: 'ended-sessions',
  version: 1,
  earlierFingerprints: ['8a87216d6ad62184'],
  key: ({ data }) => data.session,
  empty: {},
  instants: ['until'],
  money: [],
  on: {
    SignedOut: (_, { data: { until } }) => ({ until }),
  },
});
