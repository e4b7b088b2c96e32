import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Vault } from '../vault/vault.js';
import { candidate, redeemReset } from './candidate.decider.js';
import type { PasswordHash } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/**
 * What shows that a new password is set by the candidate: a code's keyed hash; or, checked before, a real-name level of L3 or above, or
 * a password just set at another admission number of the same person.
 */
export type ResetProof = { readonly way: 'code'; readonly code: string } | { readonly way: 'real_name' | 'other_number' };

/** A password for an account, by its hash, without the old one. */
export class RedeemReset extends Command<Appended> {
  constructor(
    readonly given: Given,
    /** Of nobody too: it is then refused as a wrong code is, after the same work. */
    readonly candidateId: string,
    readonly proof: ResetProof,
    readonly hash: PasswordHash,
    /** The code of a refusal, where the password will not do for this person. */
    readonly unfit?: string,
  ) {
    super();
  }
}

@CommandHandler(RedeemReset)
export class RedeemResetHandler implements ICommandHandler<RedeemReset> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: RedeemReset) {
    const { candidateId, hash } = command;
    const safe = await this.vault.safe(candidateId);
    return this.events.decide(command, candidateStream(candidateId), candidate, (state) => redeemReset(state, command, () => safe.seal(hash)));
  }
}
