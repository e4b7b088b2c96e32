import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import type { ResetProof } from '../candidate.decider.js';
import { candidate, redeemReset } from '../candidate.decider.js';
import type { PasswordHash } from '../registrations.events.js';
import type { PasswordRefusal } from '../registrations.refusals.js';
import { candidateStream } from '../registrations.streams.js';

/** Sets a password, given by its hash, without the old one. */
export class RedeemReset extends Command<Appended> {
  constructor(
    readonly given: Given,
    /** May belong to no candidate: the refusal is then the same as for a wrong code, after the same work. */
    readonly candidateId: string,
    readonly proof: ResetProof,
    readonly hash: PasswordHash,
    /** The person's other admission numbers, at which it is valid too. */
    readonly others: readonly string[],
    /** Why the password is not acceptable for this person: a refusal's code. */
    readonly unfit?: PasswordRefusal,
  ) {
    super();
  }
}

export const RedeemResetHandler = handler(RedeemReset, {
  needs: [Vault],
  facts: async ({ given, candidateId, hash, others }, vault) => {
    const safe = await vault.safe(candidateId);
    return () => ({ password: safe.seal(hash), everywhere: { at: given.at, others: safe.seal(others) } });
  },
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: redeemReset,
});
