import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill } from './bill.decider.js';
import type { BillTerms } from './payments.events.js';
import { billStream } from './payments.streams.js';
import { recordBill } from './record-bill.decider.js';

export type BillState = 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';

/** A bill as it stands elsewhere; `paidAt` (instant in UTC) is of a paid or refunded one. */
export class RecordBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: BillTerms,
    readonly state: BillState,
    readonly paidAt?: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(RecordBill)
export class RecordBillHandler implements ICommandHandler<RecordBill> {
  constructor(private readonly events: EventStore) {}

  execute(command: RecordBill) {
    const { terms } = command;
    return this.events.decide(command, billStream(terms.bill, terms.candidateId), bill, (state) => recordBill(state, command));
  }
}
