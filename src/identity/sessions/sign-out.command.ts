import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { logins, signOut } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** Ends a session for all copies of its cookie. `began` and `until` (its latest end) are ISO 8601 instants in UTC. */
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

export const SignOutHandler = handler(SignOut, {
  stream: ({ candidateId, began }) => loginStream(candidateId, began),
  decider: logins,
  decide: signOut,
});
