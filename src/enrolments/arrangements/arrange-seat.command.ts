import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { arrangeSeat, enrolment } from '../enrolment.decider.js';
import type { Seat } from '../enrolments.events.js';
import { enrolmentStream } from '../enrolments.streams.js';

/** Records a candidate's seat for a paper, or that it was cancelled. */
export class ArrangeSeat extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly seat: Seat | 'cancelled',
  ) {
    super();
  }
}

export const ArrangeSeatHandler = handler(ArrangeSeat, {
  stream: ({ candidateId, period }) => enrolmentStream(candidateId, period),
  decider: enrolment,
  decide: arrangeSeat,
});
