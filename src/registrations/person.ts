import type { Recorded } from '../event-store/event.js';
import type { Safe, Sealed } from '../vault/vault.js';
import type { Person, RegistrationEvent, SealedValues } from './registrations.events.js';

/** A person as it was registered, and the values that were corrected since. */
export interface SealedPerson {
  readonly person?: Sealed<Person> | undefined;
  readonly corrected?: SealedValues | undefined;
}

/** The person as it is now; undefined where there is none, or the candidate was forgotten. */
export function openedPerson({ person, corrected = {} }: SealedPerson, safe: Pick<Safe, 'open'>): Person | undefined {
  const registered = person && safe.open(person);
  if (!registered) return undefined;
  return { ...registered, ...Object.fromEntries(Object.entries(corrected).map(([field, value]) => [field, safe.open(value)])) };
}

/** The events of a candidate's own stream without those of a registration that was voided. */
export function sinceVoided(history: readonly Recorded<RegistrationEvent>[]): readonly Recorded<RegistrationEvent>[] {
  return history.slice(history.findLastIndex(({ type }) => type === 'RegistrationVoided') + 1);
}
