import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, issued } from './bill.decider.js';
import { billNumbered } from './bill-history.js';
import { noteRefund } from './payment.decider.js';
import type { RefundStanding } from './payment-platform.js';
import { billStream } from './payments.streams.js';

/** The platform has said by itself how it stands with money that is to be given back. */
export class NoteRefund extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly transaction: string,
    readonly standing: RefundStanding,
  ) {
    super();
  }
}

@CommandHandler(NoteRefund)
export class NoteRefundHandler implements ICommandHandler<NoteRefund> {
  constructor(private readonly events: EventStore) {}

  async execute(command: NoteRefund) {
    const { given, bill: number, transaction, standing } = command;
    const { candidateId } = issued(await billNumbered(this.events, number));
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => noteRefund(state, transaction, standing, given.at));
  }
}
