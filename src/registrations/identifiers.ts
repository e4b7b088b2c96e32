import type { EventStore } from '../event-store/event-store.js';
import { readableEvents } from '../event-store/fold-history.js';
import type { Identifiers, Safe } from '../vault/vault.js';
import type { Person, RegistrationEvent } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** The values by which the vault finds a person. */
export function identifiersOf({ admissionNo, idNo, name }: Person): Identifiers {
  return { admissionNo, citizenNo: idNo, name };
}

/**
 * The values by which the vault finds candidates, as last registered or corrected; undefined for one who never was.
 * @throws StoreUnavailable also when a newer release has recorded anything about them
 */
export async function registeredIdentifiers(events: EventStore, safes: readonly Safe[]): Promise<readonly (Identifiers | undefined)[]> {
  const streams = await events.streams(safes.map(({ id }) => candidateStream(id).name));
  return safes.map((safe, at) => {
    const last = readableEvents<RegistrationEvent>(streams[at] ?? []).findLast(
      (event) => event.type === 'CandidateRegistered' || event.type === 'CandidateCorrected',
    );
    const person = last && safe.open(last.data.person);
    return person && identifiersOf(person);
  });
}
