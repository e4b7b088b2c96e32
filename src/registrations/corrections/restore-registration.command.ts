import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { Safes } from '../../vault/vault.js';
import { type Candidate, candidate, type RegistrationStatus, registerCandidate } from '../candidate.decider.js';
import { followIdentity, identifiersOf } from '../identifiers.js';
import type { Person, Registration } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';

/** Restores an earlier registration of a candidate. `photo` is the digest of one that was stored then. */
export class RestoreRegistration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly person: Person,
    readonly status: RegistrationStatus,
    readonly photo?: string | undefined,
  ) {
    super();
  }
}

export const RestoreRegistrationHandler = handlerBy(RestoreRegistration, [EventStore, Safes], async (command, events, safes) => {
  const { candidateId, person, status, photo } = command;
  const safe = await safes.safe(candidateId);
  const { district, registeredPeriod } = status;
  const registration: Registration = { candidateId, district, registeredPeriod, person: safe.seal(person), photo, digest: safe.digest(person) };
  const decide = (state: Candidate) => registerCandidate(state, command, registration);
  const appended = await events.decide(command, candidateStream(candidateId), candidate, decide);
  await followIdentity(events, safes, candidateId, appended, identifiersOf(person));
  return appended;
});
