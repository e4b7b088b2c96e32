import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { type Safe, Safes } from '../../vault/vault.js';
import { candidate } from '../candidate.decider.js';
import { followIdentity, registeredIdentifiers } from '../identifiers.js';
import { agreesWithCard } from '../identity-card.js';
import { openedPerson } from '../person.js';
import { candidateStream } from '../registrations.streams.js';
import { correctPerson, type PersonChanges } from './correcting.decider.js';

/** Corrects what is named of a person: the photo and all other values stay as they are. */
export class CorrectPerson extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly changes: PersonChanges,
  ) {
    super();
  }
}

/** What `correctPerson` needs beside the state. */
export function personRules(safe: Safe): Parameters<typeof correctPerson>[2] {
  return { safe, opened: (state) => openedPerson(state, safe), agrees: agreesWithCard };
}

/** The vault follows what is recorded (`followIdentity`), also when the command is repeated after a crash. */
export const CorrectPersonHandler = handlerBy(CorrectPerson, [EventStore, Safes], async (command, events, vault) => {
  const { candidateId } = command;
  const safe = await vault.safe(candidateId);
  const appended = await events.decide(command, candidateStream(candidateId), candidate, (state) => correctPerson(state, command, personRules(safe)));
  const [identifiers] = await registeredIdentifiers(events, [safe]);
  if (identifiers) await followIdentity(events, vault, candidateId, appended, identifiers);
  return appended;
});
