import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import { assertAdministrator } from './acting-administrator.js';
import { assertDistricts } from './assert-districts.js';
import { addOfficer, assertNewAccount, officer } from './officer.decider.js';
import type { Duties } from './officers.events.js';
import { officerStream } from './officers.streams.js';
import { type NewSetupCode, recordedCode } from './one-time-codes.js';

/** Adds an account of the office, whose password the code sets once. The account's name is never given to anybody else. */
export class AddOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly duties: Duties,
    readonly code: NewSetupCode,
    /** The administrator who adds it; none on the host. */
    readonly by?: string,
  ) {
    super();
  }
}

export const AddOfficerHandler = handler(AddOfficer, {
  needs: [Vault, EventStore],
  facts: async ({ account, duties, code, by }, vault, events) => {
    if (by !== undefined) await assertAdministrator(by, events);
    assertNewAccount(account, duties); // before the vault makes a key
    await assertDistricts(duties, events);
    return recordedCode(await vault.findOrCreateOfficerSafe(account), code);
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, duties }, code) => addOfficer(state, account, duties, code),
});
