import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { bill, issueBill } from './bill.decider.js';
import type { BillTerms } from './payments.events.js';
import { billStream } from './payments.streams.js';

/** Issues the bill of what was confirmed or declared here; its number comes with its cause. */
export class IssueBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: BillTerms,
  ) {
    super();
  }
}

@CommandHandler(IssueBill)
export class IssueBillHandler implements ICommandHandler<IssueBill> {
  constructor(private readonly events: EventStore) {}

  execute(command: IssueBill) {
    const { terms } = command;
    return this.events.decide(command, billStream(terms.bill, terms.candidateId), bill, (state) => issueBill(state, terms));
  }
}
