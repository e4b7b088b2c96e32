import type { Appended } from '../../../event-store/append.js';
import { Command } from '../../../event-store/command.js';
import type { Given } from '../../../event-store/decider.js';
import { handler } from '../../../event-store/handler.js';
import { billStream } from '../../payments.streams.js';
import { bill } from '../bill.decider.js';
import { isIssuedHere } from '../bill-number.js';
import { voidBill } from './correct-bill.decider.js';

/** Takes back a bill that should never have been recorded. */
export class VoidBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly bill: string,
  ) {
    super();
  }
}

export const VoidBillHandler = handler(VoidBill, {
  facts: ({ bill }) => isIssuedHere(bill),
  stream: ({ bill, candidateId }) => billStream(bill, candidateId),
  decider: bill,
  decide: voidBill,
});
