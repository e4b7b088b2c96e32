import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handler } from '../event-store/handler.js';
import { billedCourses } from '../payments/bills/billed-courses.js';
import type { EnrolmentState } from './enrolment.decider.js';
import { correctEnrolment, enrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Corrects whether a candidate is enrolled in a course of a period, also outside the window. */
export class CorrectEnrolment extends Command<Appended> {
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

export const CorrectEnrolmentHandler = handler(CorrectEnrolment, {
  needs: [EventStore],
  facts: async ({ candidateId, period }, events) => ({ bills: billedCourses(await events.subject(candidateId), period) }),
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: correctEnrolment,
});
