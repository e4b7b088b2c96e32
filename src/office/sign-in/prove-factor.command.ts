import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { Device } from '../../identity/identity.events.js';
import { Vault } from '../../vault/vault.js';
import { officer, proveFactor } from '../officers/officer.decider.js';
import type { FactorProof } from '../officers/officers.events.js';
import { officerStream } from '../officers/officers.streams.js';

/** Records that the second factor was proved again within a session. */
export class ProveFactor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly session: string,
    readonly device: Device,
    readonly proof: FactorProof,
  ) {
    super();
  }
}

export const ProveFactorHandler = handler(ProveFactor, {
  needs: [Vault],
  facts: async ({ account, device }, vault) => (await vault.officerSafe(account)).seal(device),
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, command, device) => proveFactor(state, { ...command, device }),
});
