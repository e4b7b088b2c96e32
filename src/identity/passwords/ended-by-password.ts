import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import type { IdentityEvent } from '../identity.events.js';
import { loginStreams } from '../sessions/login.streams.js';

/**
 * Whether the sessions at a candidate's number were ended because of a password.
 * @param setting the event by which it was set
 * @param at when it was set, as `now` an ISO 8601 instant in UTC
 * @throws StoreUnavailable also when a newer release has written to these streams
 */
export async function hasEndedSessions(candidateId: string, passwordEvent: string, at: string, now: string, events: EventStore): Promise<boolean> {
  const logins = await events.streams(loginStreams(candidateId, at, now).map(({ name }) => name));
  return readableEvents<IdentityEvent>(logins.flat()).some(({ type, data }) => type === 'SessionsEnded' && data.password === passwordEvent);
}
