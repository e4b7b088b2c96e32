import { Command } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import type { EnrolmentState } from './enrolment.decider.js';
import { enrolment, recordEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

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

export const RecordEnrolmentHandler = handler(RecordEnrolment, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: recordEnrolment,
});
