import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { assertAdministrator } from './acting-administrator.js';
import { officer, suspendOfficer } from './officer.decider.js';
import { officerStream } from './officers.streams.js';

/** Ends the sessions of an account, and lets nobody in by it. */
export class SuspendOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    /** The administrator who does it; none on the host. */
    readonly by?: string,
  ) {
    super();
  }
}

export const SuspendOfficerHandler = handler(SuspendOfficer, {
  needs: [EventStore],
  facts: async ({ by }, events) => {
    if (by !== undefined) await assertAdministrator(by, events);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, by }) => suspendOfficer(state, account, by),
});
