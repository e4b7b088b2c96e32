import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { Vault } from '../../vault/vault.js';
import type { Device } from '../identity.events.js';
import { logins, noteFailedSignIns } from '../sessions/login.decider.js';
import { loginStream } from '../sessions/login.streams.js';

/** Somebody knew a candidate's number and not the password. */
export class NoteFailedSignIns extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly times: number,
    /** The device of the last time. */
    readonly device: Device,
  ) {
    super();
  }
}

export const NoteFailedSignInsHandler = handler(NoteFailedSignIns, {
  needs: [Vault],
  facts: async ({ candidateId, device }, vault) => (await vault.safe(candidateId)).seal(device),
  stream: ({ candidateId, given }) => loginStream(candidateId, given.at),
  decider: logins,
  decide: (_, command, device) => noteFailedSignIns(command, device),
});
