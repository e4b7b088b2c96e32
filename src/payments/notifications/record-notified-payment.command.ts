import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { recordNotifiedPayment } from '../paying/payment.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';
import type { Payment } from '../platform/payment-platform.js';

/** A notification says that an order was paid. Refused with bill.unknown for an order of others. */
export class RecordNotifiedPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly payment: Payment,
  ) {
    super();
  }
}

export const RecordNotifiedPaymentHandler = handler(RecordNotifiedPayment, {
  stream: ({ payment }) => billStreamOfOrder(payment.order),
  decider: bill,
  decide: (state, { payment, given }) => recordNotifiedPayment(state, payment, given.at),
});
