import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { enrolment, settleEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** A bill for courses of a period is paid. */
export class SettleEnrolment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly bill: string,
    readonly courses: readonly string[],
  ) {
    super();
  }
}

@CommandHandler(SettleEnrolment)
export class SettleEnrolmentHandler implements ICommandHandler<SettleEnrolment> {
  constructor(private readonly events: EventStore) {}

  execute(command: SettleEnrolment) {
    return this.events.decide(command, enrolmentStream(command.candidateId, command.period), enrolment, (state) => settleEnrolment(state, command));
  }
}
