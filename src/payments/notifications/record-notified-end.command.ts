import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { recordNotifiedEnd } from '../paying/payment.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';

/** A notification says that an order was not paid and cannot be paid any more. Refused with bill.unknown for an order of others. */
export class RecordNotifiedEnd extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly order: string,
  ) {
    super();
  }
}

export const RecordNotifiedEndHandler = handler(RecordNotifiedEnd, {
  stream: ({ order }) => billStreamOfOrder(order),
  decider: bill,
  decide: (state, { order, given }) => recordNotifiedEnd(state, order, given.at),
});
