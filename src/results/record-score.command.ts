import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { recordScore, results } from './results.decider.js';
import type { Result } from './results.events.js';
import { resultsStream } from './results.streams.js';

/** Records a candidate's result in a course of a period. */
export class RecordScore extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly result: Result,
  ) {
    super();
  }
}

export const RecordScoreHandler = handler(RecordScore, {
  stream: ({ candidateId, period }) => resultsStream(candidateId, period),
  decider: results,
  decide: recordScore,
});
