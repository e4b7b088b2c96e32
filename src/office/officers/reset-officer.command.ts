import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { assertOfficerExists } from './assert-officer-exists.js';
import { officer, resetOfficer } from './officer.decider.js';
import { officerStream } from './officers.streams.js';
import { type NewSetupCode, recordedCode } from './one-time-codes.js';

/** Begins an account anew, when a factor or the password is lost: the code sets a new password once. */
export class ResetOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly code: NewSetupCode,
  ) {
    super();
  }
}

export const ResetOfficerHandler = handler(ResetOfficer, {
  needs: [Vault, EventStore],
  facts: async ({ account, code }, vault, events) => {
    await assertOfficerExists(account, events); // before the vault makes a key, which it does where an older one was restored
    return recordedCode(await vault.findOrCreateOfficerSafe(account), code);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account }, code) => resetOfficer(state, account, code),
});
