import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Vault } from '../vault/vault.js';
import type { Device } from './identity.events.js';
import { logins, noteFailedSignIns } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** Somebody had a candidate's number and not the password. */
export class NoteFailedSignIns extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly times: number,
    /** From where it was tried the last time. */
    readonly device: Device,
  ) {
    super();
  }
}

@CommandHandler(NoteFailedSignIns)
export class NoteFailedSignInsHandler implements ICommandHandler<NoteFailedSignIns> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: NoteFailedSignIns) {
    const { candidateId, given } = command;
    const device = (await this.vault.safe(candidateId)).seal(command.device);
    return this.events.decide(command, loginStream(candidateId, given.at), logins, () => noteFailedSignIns(command, device));
  }
}
