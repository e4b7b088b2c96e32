import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { arrangeSeat, enrolment } from './enrolment.decider.js';
import type { Seat } from './enrolments.events.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Where a candidate sits a paper, or that it was cancelled. */
export class ArrangeSeat extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly seat: Seat | 'cancelled',
  ) {
    super();
  }
}

@CommandHandler(ArrangeSeat)
export class ArrangeSeatHandler implements ICommandHandler<ArrangeSeat> {
  constructor(private readonly events: EventStore) {}

  execute(command: ArrangeSeat) {
    const stream = enrolmentStream(command.candidateId, command.period);
    return this.events.decide(command, stream, enrolment, (state) => arrangeSeat(state, command));
  }
}
