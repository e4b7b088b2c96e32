import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Refusal } from '../event-store/refusal.js';
import { closeOrder } from './answer.decider.js';
import { bill, issued } from './bill.decider.js';
import { billNumbered, billOfOrder } from './bill-history.js';
import { billStream } from './payments.streams.js';

/** A person has made sure that an order was not paid and cannot be any more. Refused with bill.unknown where it is none of ours. */
export class FailPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly order: string,
  ) {
    super();
  }
}

@CommandHandler(FailPayment)
export class FailPaymentHandler implements ICommandHandler<FailPayment> {
  constructor(private readonly events: EventStore) {}

  async execute(command: FailPayment) {
    const { given, order } = command;
    const number = billOfOrder(order);
    if (number === undefined) throw new Refusal('bill.unknown');
    const { candidateId } = issued(await billNumbered(this.events, number));
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => closeOrder(state, order, given.at));
  }
}
