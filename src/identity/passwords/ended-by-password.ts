import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { IdentityEvent } from '../identity.events.js';
import { loginStreams } from '../sessions/login.streams.js';

/**
 * Whether the sessions at a candidate's number were ended because of a password.
 * @param setting the event by which it was set
 * @param at when it was set, as `now` an ISO 8601 instant in UTC
 * @throws StoreUnavailable
 */
export async function hasEndedSessions(candidateId: string, passwordEvent: string, at: string, now: string, events: EventStore): Promise<boolean> {
  const logins = await events.streams(loginStreams(candidateId, at, now).map(({ name }) => name));
  return logins.flat().some((event) => isSessionsEnded(event) && event.data.password === passwordEvent);
}

function isSessionsEnded(event: Recorded): event is Recorded<Extract<IdentityEvent, { type: 'SessionsEnded' }>> {
  return event.type === 'SessionsEnded' && !event.unknown;
}
