import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Refusal } from '../event-store/refusal.js';
import { takeAnswer } from './answer.decider.js';
import { bill, issued } from './bill.decider.js';
import { billNumbered, billOfOrder } from './bill-history.js';
import { PaymentPlatform } from './payment-platform.js';
import { billStream } from './payments.streams.js';

/** Asks the platform what came of an order. */
export class AskPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly order: string,
  ) {
    super();
  }
}

@CommandHandler(AskPayment)
export class AskPaymentHandler implements ICommandHandler<AskPayment> {
  constructor(
    private readonly events: EventStore,
    private readonly platform: PaymentPlatform,
  ) {}

  /** @throws PlatformUnavailable */
  async execute(command: AskPayment) {
    const { given, order } = command;
    const number = billOfOrder(order);
    if (number === undefined) throw new Refusal('bill.unknown');
    const { candidateId } = issued(await billNumbered(this.events, number));
    const standing = await this.platform.query(order);
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => takeAnswer(state, order, standing, given.at));
  }
}
