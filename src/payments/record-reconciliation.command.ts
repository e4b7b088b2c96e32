import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { reconciliationStream } from './payments.streams.js';
import { type Reconciled, reconciliation, recordReconciliation } from './reconciliation.decider.js';

/** A day was laid beside the platform's file, and this was found. */
export class RecordReconciliation extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly found: Reconciled,
  ) {
    super();
  }
}

@CommandHandler(RecordReconciliation)
export class RecordReconciliationHandler implements ICommandHandler<RecordReconciliation> {
  constructor(private readonly events: EventStore) {}

  execute(command: RecordReconciliation) {
    const { found } = command;
    return this.events.decide(command, reconciliationStream(found.day), reconciliation, (state) => recordReconciliation(state, found));
  }
}
