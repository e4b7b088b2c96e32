import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill } from '../bills/bill.decider.js';
import { billStream } from '../payments.streams.js';
import type { RefundStatus } from '../platform/payment-platform.js';
import { noteRefund } from './payment.decider.js';

/** Records the status of a refund from the platform's daily file. */
export class NoteRefund extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly transaction: string,
    readonly status: RefundStatus,
  ) {
    super();
  }
}

export const NoteRefundHandler = handler(NoteRefund, {
  stream: ({ bill: number }) => billStream(number),
  decider: bill,
  decide: (state, { transaction, status, given }) => noteRefund(state, transaction, status, given.at),
});
