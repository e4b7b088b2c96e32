import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import type { EnrolmentState } from './enrolment.decider.js';
import { enrolment, recordEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Records an enrolment or a withdrawal that was decided elsewhere, without applying the rules of enrolling. */
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
