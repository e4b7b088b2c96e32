import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';
import type { Payment } from '../platform/payment-platform.js';
import { takePayment } from './payment.decider.js';

/** Records a payment that the platform's daily file lists; one from a notification is RecordNotifiedPayment. Refused with bill.unknown for an order of others. */
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
