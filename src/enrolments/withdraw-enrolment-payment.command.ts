import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { enrolment, withdrawEnrolmentPayment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Records that the bill of a period's courses is not paid after all. */
export class WithdrawEnrolmentPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly bill: string,
  ) {
    super();
  }
}

export const WithdrawEnrolmentPaymentHandler = handler(WithdrawEnrolmentPayment, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: withdrawEnrolmentPayment,
});
