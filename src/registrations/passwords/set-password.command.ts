import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { candidate, setPassword } from '../candidate.decider.js';
import type { PasswordHash } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';

/** Sets the first password of an account, given by its hash. */
export class SetPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly hash: PasswordHash,
  ) {
    super();
  }
}

export const SetPasswordHandler = handler(SetPassword, {
  needs: [Vault],
  facts: async ({ candidateId, hash }, vault) => (await vault.safe(candidateId)).seal(hash),
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: setPassword,
});
