import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { Device } from '../../identity/identity.events.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { type Sealed, Vault } from '../../vault/vault.js';
import { enrolFactor, officer } from '../officers/officer.decider.js';
import { officerStream } from '../officers/officers.streams.js';
import { codeDigest } from '../officers/one-time-codes.js';

/** Enrols the second factor at the first sign-in, and begins the session. */
export class EnrolFactor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly session: string,
    readonly device: Device,
    /** The password that was checked, as it is recorded: a newer one refuses the session. */
    readonly password: Sealed<PasswordHash>,
    /** Of TOTP, and the time step of the code that the app has shown. */
    readonly secret: string,
    readonly step: number,
    /** Recovery codes, as they are shown once. */
    readonly recoveryCodes: readonly string[],
  ) {
    super();
  }
}

export const EnrolFactorHandler = handler(EnrolFactor, {
  needs: [Vault],
  facts: async ({ account, device, secret, recoveryCodes }, vault) => {
    const safe = await vault.officerSafe(account);
    return { device: safe.seal(device), secret: safe.seal(secret), recovery: recoveryCodes.map((code) => codeDigest(safe, code)) };
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, session, password, step }, facts) => enrolFactor(state, { account, session, password, proof: { step }, ...facts }),
});
