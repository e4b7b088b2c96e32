import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { reconciliationStream } from '../payments.streams.js';
import { type Reconciled, reconciliation, recordReconciliation } from './reconciliation.decider.js';

/** Records the result of a day's reconciliation. */
export class RecordReconciliation extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly found: Reconciled,
  ) {
    super();
  }
}

export const RecordReconciliationHandler = handler(RecordReconciliation, {
  stream: ({ found }) => reconciliationStream(found.day),
  decider: reconciliation,
  decide: (state, command) => recordReconciliation(state, command.found),
});
