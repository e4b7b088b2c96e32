import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { Device } from '../../identity/identity.events.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { type Sealed, Vault } from '../../vault/vault.js';
import { officer, signInOfficer } from '../officers/officer.decider.js';
import type { FactorProof } from '../officers/officers.events.js';
import { officerStream } from '../officers/officers.streams.js';

/** Begins a session of an officer who has proved both factors. */
export class SignInOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly session: string,
    readonly device: Device,
    /** The password that was checked, as it is recorded: a newer one refuses the session. */
    readonly password: Sealed<PasswordHash>,
    readonly proof: FactorProof,
  ) {
    super();
  }
}

export const SignInOfficerHandler = handler(SignInOfficer, {
  needs: [Vault],
  facts: async ({ account, device }, vault) => (await vault.officerSafe(account)).seal(device),
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, command, device) => signInOfficer(state, { ...command, device }),
});
