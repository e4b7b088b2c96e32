import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { assertAdministrator } from './acting-administrator.js';
import { officer, reinstateOfficer } from './officer.decider.js';
import { officerStream } from './officers.streams.js';

/** Lets a suspended account in again, with the password and the factor that it has. */
export class ReinstateOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    /** The administrator who does it; none on the host. */
    readonly by?: string,
  ) {
    super();
  }
}

export const ReinstateOfficerHandler = handler(ReinstateOfficer, {
  needs: [EventStore],
  facts: async ({ by }, events) => {
    if (by !== undefined) await assertAdministrator(by, events);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, by }) => reinstateOfficer(state, account, by),
});
