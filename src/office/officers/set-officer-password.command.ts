import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { ForgottenSafe } from '../../vault/safe.js';
import { Vault } from '../../vault/vault.js';
import { officer, setOfficerPassword } from './officer.decider.js';
import { refused } from './officers.refusals.js';
import { officerStream } from './officers.streams.js';
import { codeDigest } from './one-time-codes.js';

/** Sets the password of an account by a one-time code, as it was typed. */
export class SetOfficerPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly code: string,
    readonly password: PasswordHash,
  ) {
    super();
  }
}

export const SetOfficerPasswordHandler = handler(SetOfficerPassword, {
  needs: [Vault],
  facts: async ({ account, code, password }, vault) => {
    const safe = await vault.officerSafe(account);
    if (safe instanceof ForgottenSafe) throw refused('officer.code_wrong');
    return { code: codeDigest(safe, code), password: safe.seal(password) };
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, given }, { code, password }) => setOfficerPassword(state, account, code, password, given.at),
});
