import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { officer, signOutOfficer } from '../officers/officer.decider.js';
import { officerStream } from '../officers/officers.streams.js';

/** Ends sessions of an officer, for all copies of their cookies. */
export class SignOutOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly sessions: readonly string[],
  ) {
    super();
  }
}

export const SignOutOfficerHandler = handler(SignOutOfficer, {
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, sessions }) => signOutOfficer(state, account, sessions),
});
