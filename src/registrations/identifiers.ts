import type { Appended } from '../event-store/append.js';
import type { Recorded } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import { readableEvents } from '../event-store/reading/fold-history.js';
import { same } from '../event-store/same.js';
import type { Identifiers, Safe, Safes } from '../vault/vault.js';
import { openedPerson, type SealedPerson } from './person.js';
import type { Person, RegistrationEvent } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** The values by which the vault finds a person. */
export function identifiersOf({ admissionNo, idNo, name }: Person): Identifiers {
  return { admissionNo, citizenNo: idNo, name };
}

/** The values by which the vault finds a candidate, by the events of its stream. */
export function identifiersIn(history: readonly Recorded<RegistrationEvent>[], safe: Pick<Safe, 'open'>): Identifiers | undefined {
  let sealed: SealedPerson = {};
  for (const { type, data } of history) {
    if (type === 'CandidateRegistered' || type === 'CandidateCorrected') sealed = { person: data.person };
    if (type === 'PersonCorrected') sealed = { ...sealed, corrected: { ...sealed.corrected, ...data.values } };
  }
  const person = openedPerson(sealed, safe);
  return person && identifiersOf(person);
}

/**
 * The values by which the vault finds candidates, as last registered or corrected; undefined for one who never was.
 * @throws StoreUnavailable also when a newer release has recorded anything about them
 */
export async function registeredIdentifiers(events: Pick<EventStore, 'streams'>, safes: readonly Safe[]): Promise<readonly (Identifiers | undefined)[]> {
  const streams = await events.streams(safes.map(({ id }) => candidateStream(id).name));
  return safes.map((safe, at) => identifiersIn(readableEvents<RegistrationEvent>(streams[at] ?? []), safe));
}

/**
 * Has the vault find a candidate by what is recorded, once that is recorded: after a crash in between the log says what is left to do,
 * and repeating the command does it. Corrections at the same time may come here in another order than their events, so the log is read
 * again until it agrees.
 * @param appended where the candidate's stream ended; a log that is read where it is behind that does not count
 * @param expected what a decision has recorded, or has found recorded
 */
export async function followIdentity(events: EventStore, vault: Safes, id: string, appended: Appended, expected: Identifiers): Promise<void> {
  if (await vault.isFoundBy({ id, ...expected })) return;
  for (let followed: Identifiers | undefined; ; ) {
    const [[history = []], safe] = await Promise.all([events.streams([candidateStream(id).name]), vault.safe(id)]);
    const isBehind = (history.at(-1)?.position ?? '') < appended.position;
    const now = isBehind ? expected : identifiersIn(readableEvents<RegistrationEvent>(history), safe);
    if (!now || same(now, followed)) return;
    await vault.identify([{ id, ...now }]);
    followed = now;
  }
}
