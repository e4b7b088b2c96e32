import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { logins, signOut } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** A session ends, wherever its cookie was copied to. `began` and `until` (its latest end) are ISO 8601 instants in UTC. */
export class SignOut extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly session: string,
    readonly began: string,
    readonly until: string,
  ) {
    super();
  }
}

@CommandHandler(SignOut)
export class SignOutHandler implements ICommandHandler<SignOut> {
  constructor(private readonly events: EventStore) {}

  execute(command: SignOut) {
    const { candidateId, began } = command;
    return this.events.decide(command, loginStream(candidateId, began), logins, (state) => signOut(state, command));
  }
}
