import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { application, voidApplication } from './application.decider.js';
import { applicationStream } from './status-applications.streams.js';

/** Takes back a status application that should never have been recorded. */
export class VoidStatusApplication extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly application: string,
  ) {
    super();
  }
}

export const VoidStatusApplicationHandler = handler(VoidStatusApplication, {
  stream: ({ application, candidateId }) => applicationStream(application, candidateId),
  decider: application,
  decide: voidApplication,
});
