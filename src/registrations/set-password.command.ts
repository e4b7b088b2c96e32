import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Vault } from '../vault/vault.js';
import { candidate, setPassword } from './candidate.decider.js';
import type { PasswordHash } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** The first password of an account, by its hash. */
export class SetPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly hash: PasswordHash,
  ) {
    super();
  }
}

@CommandHandler(SetPassword)
export class SetPasswordHandler implements ICommandHandler<SetPassword> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: SetPassword) {
    const { candidateId, hash } = command;
    const password = (await this.vault.safe(candidateId)).seal(hash);
    return this.events.decide(command, candidateStream(candidateId), candidate, (state) => setPassword(state, command, password));
  }
}
