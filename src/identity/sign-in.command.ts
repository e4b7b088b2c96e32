import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Vault } from '../vault/vault.js';
import type { Device, SignInWay } from './identity.events.js';
import { logins, signIn } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** A session begins, after whoever asks has shown who it is. */
export class SignIn extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly session: string,
    readonly device: Device,
    readonly way: SignInWay = 'password',
    /** From when on the password was looked at, or since when the session lasts by which another number is gone to: ISO 8601, UTC. One that is changed since lets nobody in. */
    readonly shownAt?: string,
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: SignIn) {
    const { candidateId, given } = command;
    const device = (await this.vault.safe(candidateId)).seal(command.device);
    return this.events.decide(command, loginStream(candidateId, given.at), logins, (state) => signIn(state, command, device));
  }
}
