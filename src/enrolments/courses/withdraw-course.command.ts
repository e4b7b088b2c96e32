import { Catalogue } from '../../catalogue/catalogue.js';
import { windowState } from '../../catalogue/window.js';
import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { billedCourses } from '../../payments/bills/billed-courses.js';
import { enrolment, withdrawCourse } from '../enrolment.decider.js';
import { enrolmentStream } from '../enrolments.streams.js';

/** Withdraws the candidate from a course 取消报考 that is not paid. */
export class WithdrawCourse extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
  ) {
    super();
  }
}

export const WithdrawCourseHandler = handler(WithdrawCourse, {
  needs: [EventStore, Catalogue],
  facts: async ({ candidateId, period, given }, events, catalogue) => ({
    window: windowState(catalogue.period(period)?.enrolment ?? {}, given.at),
    bills: billedCourses(await events.subject(candidateId), period),
  }),
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: withdrawCourse,
});
