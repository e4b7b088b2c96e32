import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, issued } from './bill.decider.js';
import { billNumbered } from './bill-history.js';
import { noteRefund } from './payment.decider.js';
import { PaymentPlatform } from './payment-platform.js';
import { billStream } from './payments.streams.js';

/** Asks the platform to give money back that is due, or how that stands. */
export class AskRefund extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly transaction: string,
  ) {
    super();
  }
}

@CommandHandler(AskRefund)
export class AskRefundHandler implements ICommandHandler<AskRefund> {
  constructor(
    private readonly events: EventStore,
    private readonly platform: PaymentPlatform,
  ) {}

  /** Crashed after the platform was asked, it is asked again: by its number a payment is given back once. @throws PlatformUnavailable */
  async execute(command: AskRefund) {
    const { given, bill: number, transaction } = command;
    const state = await billNumbered(this.events, number);
    const { candidateId } = issued(state);
    const stream = billStream(number, candidateId);
    const { order, fen, refund } = state.money.get(transaction) ?? {};
    if (order === undefined || fen === undefined || (refund !== 'due' && refund !== 'requested')) return this.events.decide(command, stream, bill, () => []);
    const standing = await this.platform.refund({ transaction, order, fen });
    return this.events.decide(command, stream, bill, (now) => noteRefund(now, transaction, standing, given.at));
  }
}
