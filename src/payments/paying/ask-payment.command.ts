import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billStreamOfOrder } from '../payments.streams.js';
import { PaymentPlatform } from '../platform/payment-platform.js';
import { recordOrderStatus } from './order-status.decider.js';

/** Asks the platform for the status of an order. */
export class AskPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly order: string,
  ) {
    super();
  }
}

/** Throws PlatformUnavailable. */
export const AskPaymentHandler = handler(AskPayment, {
  needs: [PaymentPlatform],
  facts: ({ order }, platform) => platform.query(order),
  stream: ({ order }) => billStreamOfOrder(order),
  decider: bill,
  decide: (state, { order, given }, answer) => recordOrderStatus(state, order, answer, given.at),
});
