import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { results, withholdScore } from './results.decider.js';
import { resultsStream } from './results.streams.js';

/** Makes a candidate's result in a course of a period 待定: what was recorded no longer holds. */
export class WithholdScore extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
  ) {
    super();
  }
}

export const WithholdScoreHandler = handler(WithholdScore, {
  stream: ({ candidateId, period }) => resultsStream(candidateId, period),
  decider: results,
  decide: withholdScore,
});
