import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, cancelBill } from './bill.decider.js';
import { billStream } from './payments.streams.js';

/** The candidate gives up what an unpaid bill is for. */
export class CancelBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly candidateId: string,
  ) {
    super();
  }
}

@CommandHandler(CancelBill)
export class CancelBillHandler implements ICommandHandler<CancelBill> {
  constructor(private readonly events: EventStore) {}

  execute(command: CancelBill) {
    const { given, bill: number, candidateId } = command;
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => cancelBill(state, candidateId, given.at));
  }
}
