import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { endAllButOne, logins, signOutOthers } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** All sessions of a candidate end, or all but one. */
export class SignOutOthers extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** Sessions that began before are over in any case, and a session that begins now is over at `until`: ISO 8601, UTC. */
    readonly since: string,
    readonly until: string,
    /** The session that goes on. */
    readonly but?: string,
    /** When who goes on by it has last shown who it is. */
    readonly spared?: string,
    /** That what was shown before lets nobody in any more, though no session is open. */
    readonly evenIfNone = true,
  ) {
    super();
  }
}

@CommandHandler(SignOutOthers)
export class SignOutOthersHandler implements ICommandHandler<SignOutOthers> {
  constructor(private readonly events: EventStore) {}

  async execute(command: SignOutOthers) {
    const { candidateId, given, since } = command;
    const newest = loginStream(candidateId, given.at);
    const before = loginStream(candidateId, since);
    // that of the month before first: no session begins there any more
    const earlier = before.name === newest.name ? undefined : await this.events.decide(command, before, logins, (state) => signOutOthers(state, command));
    const isEnding = command.evenIfNone || (earlier?.recorded ?? 0) > 0;
    const ended = await this.events.decide(command, newest, logins, (state) => endAllButOne(state, { ...command, evenIfNone: isEnding }));
    const position = earlier && earlier.position > ended.position ? earlier.position : ended.position;
    return { position, recorded: ended.recorded + (earlier?.recorded ?? 0) };
  }
}
