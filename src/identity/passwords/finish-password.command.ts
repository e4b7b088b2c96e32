import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import type { Everywhere } from '../../registrations/registrations.events.js';

/** What follows when a person has set a password: it is recorded at the other admission numbers, and then all sessions of before end. */
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
