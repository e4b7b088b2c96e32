import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { assertAdministrator } from './acting-administrator.js';
import { assertDistricts } from './assert-districts.js';
import { officer } from './officer.decider.js';
import { proposeChange } from './officer-change.decider.js';
import type { OfficerChange } from './officers.events.js';
import { officerStream } from './officers.streams.js';

/** An administrator proposes other roles or districts of an account, or to begin it anew. */
export class ProposeOfficerChange extends Command<Appended> {
  constructor(
    readonly given: Given,
    /** The administrator who proposes. */
    readonly by: string,
    readonly account: string,
    readonly what: OfficerChange,
    readonly reason: string,
  ) {
    super();
  }
}

export const ProposeOfficerChangeHandler = handler(ProposeOfficerChange, {
  needs: [EventStore],
  facts: async ({ by, what }, events) => {
    await assertAdministrator(by, events);
    if (what !== 'reset') await assertDistricts(what, events);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { given, ...command }) => proposeChange(state, { ...command, change: given.id }),
});
