import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { candidate, replacePassword } from '../candidate.decider.js';
import type { KeptSession, PasswordHash } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';
import { passwordInForce } from './password-in-force.js';

/** Replaces a password that the candidate has shown to know. */
export class ReplacePassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly hash: PasswordHash,
    /** The event by which the known password was set (`PasswordInForce.passwordEvent`). */
    readonly replaced: string,
    /** The person's other admission numbers, at which it is valid too. */
    readonly others: readonly string[],
    /** The session in which it is set. */
    readonly keptSession: KeptSession,
  ) {
    super();
  }
}

export const ReplacePasswordHandler = handler(ReplacePassword, {
  needs: [EventStore, Vault],
  facts: async ({ given, candidateId, hash, others, keptSession }, events, vault) => {
    const [inForce, safe] = await Promise.all([passwordInForce(candidateId, events, vault), vault.safe(candidateId)]);
    return {
      passwordEvent: inForce?.passwordEvent,
      own: inForce?.own,
      password: safe.seal(hash),
      everywhere: { at: given.at, others: safe.seal(others), keptSession },
    };
  },
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: replacePassword,
});
