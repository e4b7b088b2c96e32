import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';
import { hearPayment } from './payment.decider.js';
import type { Payment } from './payment-platform.js';

/** A notification says that the platform has taken money. Refused with bill.unknown where no bill of ours has such an order's number. */
export class HearPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly payment: Payment,
  ) {
    super();
  }
}

export const HearPaymentHandler = handler(HearPayment, {
  stream: ({ payment }) => billStreamOfOrder(payment.order),
  decider: bill,
  decide: (state, { payment, given }) => hearPayment(state, payment, given.at),
});
