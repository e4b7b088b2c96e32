import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { assertAdministrator } from './acting-administrator.js';
import { officer } from './officer.decider.js';
import { declineChange } from './officer-change.decider.js';
import { officerStream } from './officers.streams.js';

/** An administrator takes a proposal back, or does not agree to another's. */
export class DeclineOfficerChange extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly by: string,
    readonly account: string,
    readonly change: string,
  ) {
    super();
  }
}

export const DeclineOfficerChangeHandler = handler(DeclineOfficerChange, {
  needs: [EventStore],
  facts: ({ by }, events) => assertAdministrator(by, events),
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: declineChange,
});
