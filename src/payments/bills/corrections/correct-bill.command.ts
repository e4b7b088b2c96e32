import type { Appended } from '../../../event-store/append.js';
import { Command } from '../../../event-store/command.js';
import type { Given } from '../../../event-store/decider.js';
import { handler } from '../../../event-store/handler.js';
import { billStream } from '../../payments.streams.js';
import { bill } from '../bill.decider.js';
import type { BillState } from '../record-bill.decider.js';
import { correctBill } from './correct-bill.decider.js';

/** Corrects the state of a bill that was recorded wrongly; `paidAt` (instant in UTC) is of a paid or refunded one. */
export class CorrectBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly bill: string,
    readonly state: BillState,
    readonly paidAt?: string | undefined,
  ) {
    super();
  }
}

export const CorrectBillHandler = handler(CorrectBill, {
  stream: ({ bill, candidateId }) => billStream(bill, candidateId),
  decider: bill,
  decide: correctBill,
});
