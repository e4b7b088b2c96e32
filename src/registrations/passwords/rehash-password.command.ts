import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { type Sealed, Vault } from '../../vault/vault.js';
import { candidate, rehashPassword } from '../candidate.decider.js';
import type { PasswordHash } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';

/** Stores a better hash of the same password. */
export class RehashPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly hash: PasswordHash,
    /** As it is stored: sealing the same hash again gives another value. */
    readonly replaced: Sealed<PasswordHash>,
  ) {
    super();
  }
}

export const RehashPasswordHandler = handler(RehashPassword, {
  needs: [Vault],
  facts: async ({ candidateId, hash }, vault) => (await vault.safe(candidateId)).seal(hash),
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: rehashPassword,
});
