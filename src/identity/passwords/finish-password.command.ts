import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import type { Everywhere } from '../../registrations/registrations.events.js';
import { Vault } from '../../vault/vault.js';
import { SessionEnder } from '../sessions/session-ender.js';
import { finishPassword } from './finishing-password.js';

/** A person has set a password: records it at the other admission numbers, and then ends all sessions of before. */
export class FinishPassword extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** The event by which it was set. */
    readonly passwordEvent: string,
    readonly everywhere: Everywhere,
  ) {
    super();
  }
}

export const FinishPasswordHandler = handlerBy(FinishPassword, [EventStore, Vault, SessionEnder], finishPassword);
