import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { billStream } from '../payments.streams.js';
import { bill, cancelBill } from './bill.decider.js';

/** The candidate cancels an unpaid bill. */
export class CancelBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly candidateId: string,
  ) {
    super();
  }
}

export const CancelBillHandler = handler(CancelBill, {
  stream: ({ bill, candidateId }) => billStream(bill, candidateId),
  decider: bill,
  decide: (state, command) => cancelBill(state, command.candidateId, command.given.at),
});
