import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';
import { takePayment } from './payment.decider.js';
import type { Payment } from './payment-platform.js';

/** The platform has taken money, as it lists or answers: what it only tells is HearPayment. Refused with bill.unknown where no bill of ours has such an order's number. */
export class TakePayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly payment: Payment,
  ) {
    super();
  }
}

export const TakePaymentHandler = handler(TakePayment, {
  stream: ({ payment }) => billStreamOfOrder(payment.order),
  decider: bill,
  decide: (state, { payment }) => takePayment(state, payment),
});
