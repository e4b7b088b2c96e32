import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { hasOpenBill } from '../../payments/bills/billed-courses.js';
import { candidate } from '../candidate.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { voidRegistration } from './correcting.decider.js';

/** Takes back a registration that should never have been recorded. The number can be registered again. */
export class VoidRegistration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
  ) {
    super();
  }
}

export const VoidRegistrationHandler = handler(VoidRegistration, {
  needs: [EventStore],
  facts: async ({ candidateId }, events) => hasOpenBill(await events.subject(candidateId)),
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: voidRegistration,
});
