import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { enrolment, recordEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

export type EnrolmentState = 'enrolled' | 'withdrawn';

/** What was enrolled in or withdrawn from elsewhere: recorded as it is, whatever the rules of enrolling say. */
export class RecordEnrolment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly state: EnrolmentState,
  ) {
    super();
  }
}

@CommandHandler(RecordEnrolment)
export class RecordEnrolmentHandler implements ICommandHandler<RecordEnrolment> {
  constructor(private readonly events: EventStore) {}

  execute(command: RecordEnrolment) {
    const stream = enrolmentStream(command.candidateId, command.period);
    return this.events.decide(command, stream, enrolment, (state) => recordEnrolment(state, command));
  }
}
