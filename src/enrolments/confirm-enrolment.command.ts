import { Catalogue } from '../catalogue/catalogue.js';
import { windowState } from '../catalogue/window.js';
import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handler } from '../event-store/handler.js';
import { unusedBillNumber } from '../payments/bills/bill-number.js';
import { billedCourses } from '../payments/bills/billed-courses.js';
import { passedCourses } from '../results/passed-courses.js';
import { exemptions } from '../status-applications/exemptions.js';
import { confirmEnrolment, type EnrolmentFacts, enrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Confirms the courses chosen in a period 确认报考: a bill is issued for them. */
export class ConfirmEnrolment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
  ) {
    super();
  }
}

export const ConfirmEnrolmentHandler = handler(ConfirmEnrolment, {
  needs: [EventStore, Catalogue],
  facts: async ({ candidateId, period, given: { id, at } }, events, catalogue): Promise<EnrolmentFacts> => {
    const [history, bill] = await Promise.all([events.subject(candidateId), unusedBillNumber(events, id)]);
    const { exempted, pending } = exemptions(history);
    const { papers = {}, enrolment: window = {}, paymentCloses } = catalogue.period(period) ?? {};
    return {
      bill,
      papers: new Map(Object.entries(papers).map(([course, { unit, form }]) => [course, { unit, fen: catalogue.fee(form, period) }])),
      window: windowState(window, at),
      dueBy: paymentCloses ?? window.closes,
      passed: passedCourses(history, (each) => catalogue.resultsReleased(each, new Date(at))),
      exempted,
      exemptionPending: pending,
      bills: billedCourses(history, period),
    };
  },
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: confirmEnrolment,
});
