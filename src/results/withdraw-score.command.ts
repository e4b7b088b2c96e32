import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { results, withdrawScore } from './results.decider.js';
import { resultsStream } from './results.streams.js';

/** Takes back a candidate's result that was recorded wrongly: the course has none again. */
export class WithdrawScore extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
  ) {
    super();
  }
}

export const WithdrawScoreHandler = handler(WithdrawScore, {
  stream: ({ candidateId, period }) => resultsStream(candidateId, period),
  decider: results,
  decide: withdrawScore,
});
