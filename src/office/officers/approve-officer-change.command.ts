import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { assertAdministrator } from './acting-administrator.js';
import { assertOfficerExists } from './assert-officer-exists.js';
import { officer } from './officer.decider.js';
import { approveChange } from './officer-change.decider.js';
import { officerStream } from './officers.streams.js';
import { type NewSetupCode, recordedCode } from './one-time-codes.js';

/** A second administrator approves what was proposed for an account, and so makes the change. */
export class ApproveOfficerChange extends Command<Appended> {
  constructor(
    readonly given: Given,
    /** The administrator who approves. */
    readonly by: string,
    readonly account: string,
    /** The proposal that was seen. */
    readonly change: string,
    /** By which the account begins anew, where that was proposed. */
    readonly code: NewSetupCode,
  ) {
    super();
  }
}

export const ApproveOfficerChangeHandler = handler(ApproveOfficerChange, {
  needs: [Vault, EventStore],
  facts: async ({ by, account, code }, vault, events) => {
    await assertAdministrator(by, events);
    await assertOfficerExists(account, events);
    return recordedCode(await vault.findOrCreateOfficerSafe(account), code);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, command, code) => approveChange(state, command, code),
});
