import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { enrolment, settleEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Records that the bill of a period's courses is paid. */
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

export const SettleEnrolmentHandler = handler(SettleEnrolment, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: settleEnrolment,
});
