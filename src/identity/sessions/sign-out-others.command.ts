import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { combined } from './combined-appends.js';
import { endSessions, logins, signOutOthers } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** Ends all sessions of a candidate, or all but one. */
export class SignOutOthers extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** Sessions that began before are over; one that begins now is over at `until`: ISO 8601, UTC. */
    readonly since: string,
    readonly until: string,
    /** The session that goes on. */
    readonly but?: string,
    /** When its owner last proved who it is. */
    readonly spared?: string,
    /** Whether earlier proofs of identity become void even if no session is open. */
    readonly evenIfNone = true,
    /** Instants later than now at which sessions may have begun by a clock that was set back since: ISO 8601, UTC. */
    readonly ahead: readonly string[] = [],
    /** The event by which a password was set, where that is why they end: sessions that were begun with it go on. */
    readonly password?: string,
  ) {
    super();
  }
}

export const SignOutOthersHandler = handlerBy(SignOutOthers, [EventStore], async (command, events) => {
  const { candidateId, given, since, ahead } = command;
  const newest = loginStream(candidateId, given.at);
  // other months first: no session begins there now
  const others = new Map([since, ...ahead].map((began) => loginStream(candidateId, began)).map((stream) => [stream.name, stream]));
  others.delete(newest.name);
  const done: Appended[] = [];
  for (const stream of others.values()) done.push(await events.decide(command, stream, logins, (state) => signOutOthers(state, command)));
  const isEnding = command.evenIfNone || done.some(({ recorded }) => recorded > 0);
  done.push(await events.decide(command, newest, logins, (state) => endSessions(state, { ...command, evenIfNone: isEnding })));
  return combined(done);
});
