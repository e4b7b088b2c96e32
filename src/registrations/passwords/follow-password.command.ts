import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { candidate, followPassword } from '../candidate.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { passwordInForce } from './password-in-force.js';

/** Records a password that the person has set at another admission number at this one, as long as it is the one in force. */
export class FollowPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** The event by which it was set. */
    readonly passwordEvent: string,
  ) {
    super();
  }
}

export const FollowPasswordHandler = handler(FollowPassword, {
  needs: [EventStore, Vault],
  facts: async ({ candidateId, passwordEvent }, events, vault) => {
    const [inForce, safe] = await Promise.all([passwordInForce(candidateId, events, vault), vault.safe(candidateId)]);
    const hash = inForce?.passwordEvent === passwordEvent && inForce.password !== inForce.own ? inForce.safe.open(inForce.password) : undefined;
    return { own: inForce?.own, password: hash === undefined ? undefined : safe.seal(hash) };
  },
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: followPassword,
});
