import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { enrolment, freeEnrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';

/** Frees the courses of a bill that ended unpaid: they can be changed and confirmed again. */
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

export const FreeEnrolmentHandler = handler(FreeEnrolment, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: freeEnrolment,
});
