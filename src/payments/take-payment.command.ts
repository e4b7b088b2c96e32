import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Refusal } from '../event-store/refusal.js';
import { bill, issued } from './bill.decider.js';
import { billNumbered, billOfOrder } from './bill-history.js';
import { takePayment } from './payment.decider.js';
import type { Payment } from './payment-platform.js';
import { billStream } from './payments.streams.js';

/** The platform has taken money, as it lists or answers: what it only tells is HearPayment. Refused with bill.unknown where no bill of ours has such an order's number. */
export class TakePayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly payment: Payment,
  ) {
    super();
  }
}

@CommandHandler(TakePayment)
export class TakePaymentHandler implements ICommandHandler<TakePayment> {
  constructor(private readonly events: EventStore) {}

  async execute(command: TakePayment) {
    const { payment } = command;
    const number = billOfOrder(payment.order);
    if (number === undefined) throw new Refusal('bill.unknown');
    const { candidateId } = issued(await billNumbered(this.events, number));
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => takePayment(state, payment));
  }
}
