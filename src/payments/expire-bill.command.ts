import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, expireBill, issued } from './bill.decider.js';
import { billNumbered } from './bill-history.js';
import { billStream } from './payments.streams.js';

/** The bill's deadline has come. */
export class ExpireBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
  ) {
    super();
  }
}

@CommandHandler(ExpireBill)
export class ExpireBillHandler implements ICommandHandler<ExpireBill> {
  constructor(private readonly events: EventStore) {}

  async execute(command: ExpireBill) {
    const { candidateId } = issued(await billNumbered(this.events, command.bill));
    return this.events.decide(command, billStream(command.bill, candidateId), bill, (state) => expireBill(state, command.given.at));
  }
}
