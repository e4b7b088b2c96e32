import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { bill, recordReceipt } from '../bills/bill.decider.js';
import type { Receipt } from '../payments.events.js';
import { billStream } from '../payments.streams.js';

/** The fiscal receipt 财政电子票据 of a bill has arrived. */
export class RecordReceipt extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly receipt: Receipt,
  ) {
    super();
  }
}

export const RecordReceiptHandler = handler(RecordReceipt, {
  stream: ({ bill: number }) => billStream(number),
  decider: bill,
  decide: (state, { receipt }) => recordReceipt(state, receipt),
});
