import type { Recorded } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Identifiers, Safe } from '../vault/vault.js';
import type { Person, Registration } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** By what the vault finds a person. */
export function identifiersOf({ admissionNo, idNo, name }: Person): Identifiers {
  return { admissionNo, citizenNo: idNo, name };
}

/**
 * By what candidates are found, as they were last registered or corrected; undefined for one who never was.
 * @throws Error when a newer release has written a registration
 */
export async function registeredIdentifiers(events: EventStore, safes: readonly Safe[]): Promise<readonly (Identifiers | undefined)[]> {
  const streams = await events.streams(safes.map(({ id }) => candidateStream(id).name));
  return safes.map((safe, at) => {
    const last = streams[at]?.findLast(isRegistration);
    const person = last && safe.open(last.data.person);
    return person && identifiersOf(person);
  });
}

function isRegistration(event: Recorded): event is Recorded & { readonly data: Registration } {
  if (event.type !== 'CandidateRegistered' && event.type !== 'CandidateCorrected') return false;
  if (event.unknown) throw new Error(`${event.type} ${event.id} was written by a newer release: this one cannot read who it is about`);
  return true;
}
