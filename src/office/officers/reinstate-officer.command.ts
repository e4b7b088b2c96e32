import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { officer, reinstateOfficer } from './officer.decider.js';
import { officerStream } from './officers.streams.js';

/** Lets a suspended account in again, with the password and the factor that it has. */
export class ReinstateOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
  ) {
    super();
  }
}

export const ReinstateOfficerHandler = handler(ReinstateOfficer, {
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account }) => reinstateOfficer(state, account),
});
