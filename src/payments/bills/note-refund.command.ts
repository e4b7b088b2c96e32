import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { billStream } from '../payments.streams.js';
import { noteRefund } from '../platform/payment.decider.js';
import type { RefundStatus } from '../platform/payment-platform.js';
import { bill } from './bill.decider.js';

/** The platform has said by itself how it stands with money that is to be given back. */
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
