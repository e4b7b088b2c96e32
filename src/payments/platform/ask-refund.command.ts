import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billNumbered } from '../bills/bill-history.js';
import { billStream } from '../payments.streams.js';
import { noteRefund } from './payment.decider.js';
import { PaymentPlatform } from './payment-platform.js';

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

/**
 * Crashed after the platform was asked, it is asked again: by its number a payment is given back once. Where nothing is to be given
 * back, the platform is not asked. Throws PlatformUnavailable.
 */
export const AskRefundHandler = handler(AskRefund, {
  needs: [EventStore, PaymentPlatform],
  facts: async ({ bill: number, transaction }, events, platform) => {
    const { order, fen, refund } = (await billNumbered(events, number)).money.get(transaction) ?? {};
    if (order === undefined || fen === undefined || (refund !== 'due' && refund !== 'requested')) return undefined;
    return platform.refund({ transaction, order, fen });
  },
  stream: ({ bill: number }) => billStream(number),
  decider: bill,
  decide: (state, { transaction, given }, status) => (status ? noteRefund(state, transaction, status, given.at) : []),
});
