import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { Device } from '../../identity/identity.events.js';
import { Vault } from '../../vault/vault.js';
import { noteFailedSignIns, officer } from '../officers/officer.decider.js';
import type { FailedStep } from '../officers/officers.events.js';
import { officerStream } from '../officers/officers.streams.js';

/** Somebody tried to sign in as an officer. */
export class NoteFailedOfficeSignIns extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    /** What was wrong. */
    readonly at: FailedStep,
    readonly times: number,
    /** The device of the last time. */
    readonly device: Device,
  ) {
    super();
  }
}

export const NoteFailedOfficeSignInsHandler = handler(NoteFailedOfficeSignIns, {
  needs: [Vault],
  facts: async ({ account, device }, vault) => (await vault.officerSafe(account)).seal(device),
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, command, device) => noteFailedSignIns(state, { ...command, device }),
});
