import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { Device } from '../../identity/identity.events.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { type Sealed, Vault } from '../../vault/vault.js';
import { enrolFactor, officer } from '../officers/officer.decider.js';
import type { FactorProof, Passkey } from '../officers/officers.events.js';
import { officerStream } from '../officers/officers.streams.js';
import { codeDigest } from '../officers/one-time-codes.js';

/** The secret of TOTP with the time step of the code that the app has shown, or a passkey for a challenge that was issued then (ms). */
type FirstFactor = { readonly secret: string; readonly step: number } | { readonly passkey: Passkey; readonly name: string; readonly issued: number };

/** Enrols the second factor at the first sign-in, and begins the session. */
export class EnrolFactor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly session: string,
    readonly device: Device,
    /** The password that was checked, as it is recorded: a newer one refuses the session. */
    readonly password: Sealed<PasswordHash>,
    readonly factor: FirstFactor,
    /** Recovery codes, as they are shown once. */
    readonly recoveryCodes: readonly string[],
  ) {
    super();
  }
}

export const EnrolFactorHandler = handler(EnrolFactor, {
  needs: [Vault],
  facts: async ({ account, device, factor, recoveryCodes }, vault) => {
    const safe = await vault.officerSafe(account);
    const sealed = 'secret' in factor ? { secret: safe.seal(factor.secret) } : { passkey: factor.passkey, name: factor.name };
    return { device: safe.seal(device), factor: sealed, recovery: recoveryCodes.map((code) => codeDigest(safe, code)) };
  },
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account, session, password, factor }, facts) => enrolFactor(state, { account, session, password, proof: proofOf(factor), ...facts }),
});

/** What was shown in enrolling a factor proves it. */
function proofOf(factor: FirstFactor): FactorProof {
  if ('secret' in factor) return { step: factor.step };
  return { passkey: factor.passkey.passkey, counter: factor.passkey.counter, issued: factor.issued };
}
