import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { correctSeat, enrolment } from '../enrolment.decider.js';
import type { Seat } from '../enrolments.events.js';
import { enrolmentStream } from '../enrolments.streams.js';

/** Corrects what is named of a candidate's seat for a paper; the rest of it stays. */
export class CorrectSeat extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly changes: Partial<Seat>,
  ) {
    super();
  }
}

export const CorrectSeatHandler = handler(CorrectSeat, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: correctSeat,
});
