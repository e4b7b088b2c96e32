import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { type Sealed, Vault } from '../vault/vault.js';
import { candidate, replacePassword } from './candidate.decider.js';
import type { PasswordHash } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** Another password, or the same under a better hash, in place of one that whoever asks has shown to know. */
export class ReplacePassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly hash: PasswordHash,
    /** As it is kept: each sealing is another. */
    readonly replaced: Sealed<PasswordHash>,
  ) {
    super();
  }
}

@CommandHandler(ReplacePassword)
export class ReplacePasswordHandler implements ICommandHandler<ReplacePassword> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: ReplacePassword) {
    const { candidateId, hash } = command;
    const password = (await this.vault.safe(candidateId)).seal(hash);
    return this.events.decide(command, candidateStream(candidateId), candidate, (state) => replacePassword(state, command, password));
  }
}
