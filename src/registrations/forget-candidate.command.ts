import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handlerBy } from '../event-store/handler.js';
import { Vault } from '../vault/vault.js';
import { candidate, forgetCandidate } from './candidate.decider.js';
import { registeredIdentifiers } from './identifiers.js';
import { candidateStream } from './registrations.streams.js';

/** Erases who a candidate is, permanently. */
export class ForgetCandidate extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
  ) {
    super();
  }
}

/** The event is recorded first: after a crash between the two the log says what is left to do, and repeating the command does it. */
export const ForgetCandidateHandler = handlerBy(ForgetCandidate, [EventStore, Vault], async (command, events, vault) => {
  const { candidateId } = command;
  const [known] = await registeredIdentifiers(events, [await vault.safe(candidateId)]);
  const tombstone = known && (await vault.tombstone(known.admissionNo));
  const appended = await events.decide(command, candidateStream(candidateId), candidate, (state) => forgetCandidate(state, command, tombstone));
  await vault.forget(candidateId, tombstone);
  return appended;
});
