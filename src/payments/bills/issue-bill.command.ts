import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { BillTerms } from '../payments.events.js';
import { billStream } from '../payments.streams.js';
import { bill, issueBill } from './bill.decider.js';

/** Issues the bill of an enrolment or a declaration; the event that caused it has its number. */
export class IssueBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: BillTerms,
  ) {
    super();
  }
}

export const IssueBillHandler = handler(IssueBill, {
  stream: ({ terms }) => billStream(terms.bill, terms.candidateId),
  decider: bill,
  decide: (state, command) => issueBill(state, command.terms),
});
