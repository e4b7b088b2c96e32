import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, issued, recordReceipt } from './bill.decider.js';
import { billNumbered } from './bill-history.js';
import type { Receipt } from './payments.events.js';
import { billStream } from './payments.streams.js';

/** The fiscal receipt 财政电子票据 of a bill has arrived. */
export class RecordReceipt extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly receipt: Receipt,
  ) {
    super();
  }
}

@CommandHandler(RecordReceipt)
export class RecordReceiptHandler implements ICommandHandler<RecordReceipt> {
  constructor(private readonly events: EventStore) {}

  async execute(command: RecordReceipt) {
    const { bill: number, receipt } = command;
    const { candidateId } = issued(await billNumbered(this.events, number));
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => recordReceipt(state, receipt));
  }
}
