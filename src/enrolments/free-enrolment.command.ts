import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { enrolment, freeEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** A bill for courses of a period ended unpaid. */
export class FreeEnrolment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly bill: string,
    readonly why: 'expired' | 'cancelled',
  ) {
    super();
  }
}

@CommandHandler(FreeEnrolment)
export class FreeEnrolmentHandler implements ICommandHandler<FreeEnrolment> {
  constructor(private readonly events: EventStore) {}

  execute(command: FreeEnrolment) {
    return this.events.decide(command, enrolmentStream(command.candidateId, command.period), enrolment, (state) => freeEnrolment(state, command));
  }
}
