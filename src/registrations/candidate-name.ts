import type { EventStore } from '../event-store/event-store.js';
import { currentState } from '../event-store/reading/current-state.js';
import type { Safes } from '../vault/vault.js';
import { candidate } from './candidate.decider.js';
import { openedPerson } from './person.js';
import { candidateStream } from './registrations.streams.js';

interface Ports {
  readonly events: Pick<EventStore, 'streams'>;
  readonly vault: Pick<Safes, 'safe'>;
}

/**
 * The name of a candidate, to be looked for in what is written about the candidate: a list of one, or of none where there is nobody, or
 * only in another district, of whom nothing may be told.
 * @param districts undefined: all of them
 * @throws StoreUnavailable also when a newer release has recorded anything about the candidate
 */
export async function candidateName(id: string, districts: readonly string[] | undefined, { events, vault }: Ports): Promise<readonly string[]> {
  const state = await currentState(events, candidateStream(id), candidate);
  if (!state.registered || districts?.includes(state.registered.district) === false) return [];
  const person = openedPerson(state, await vault.safe(id));
  return person ? [person.name] : [];
}
