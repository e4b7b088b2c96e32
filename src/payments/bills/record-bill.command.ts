import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { BillTerms } from '../payments.events.js';
import { billStream } from '../payments.streams.js';
import { bill } from './bill.decider.js';
import type { BillState } from './record-bill.decider.js';
import { recordBill } from './record-bill.decider.js';

/** Records a bill as the PC system reports it; `paidAt` (instant in UTC) is of a paid or refunded one. */
export class RecordBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: BillTerms,
    readonly state: BillState,
    readonly paidAt?: string | undefined,
  ) {
    super();
  }
}

export const RecordBillHandler = handler(RecordBill, {
  stream: ({ terms }) => billStream(terms.bill, terms.candidateId),
  decider: bill,
  decide: recordBill,
});
