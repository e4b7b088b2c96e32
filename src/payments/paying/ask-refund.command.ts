import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { loadBill } from '../bills/bill-history.js';
import { billStream } from '../payments.streams.js';
import { PaymentPlatform } from '../platform/payment-platform.js';
import { noteRefund } from './payment.decider.js';

/** Asks the platform for a refund that is due, or for its status. */
export class AskRefund extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly transaction: string,
  ) {
    super();
  }
}

/** After a crash the platform is asked again: it refunds a payment once, however often it is asked. Throws PlatformUnavailable. */
export const AskRefundHandler = handler(AskRefund, {
  needs: [EventStore, PaymentPlatform],
  facts: async ({ bill: number, transaction }, events, platform) => {
    const { order, fen, refund } = (await loadBill(events, number)).money.get(transaction) ?? {};
    if (order === undefined || fen === undefined || (refund !== 'due' && refund !== 'requested')) return undefined;
    return platform.refund({ transaction, order, fen });
  },
  stream: ({ bill: number }) => billStream(number),
  decider: bill,
  decide: (state, { transaction, given }, status) => (status ? noteRefund(state, transaction, status, given.at) : []),
});
