import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { Result, ResultEvent } from './results.events.js';

/** A candidate's results 成绩 in one period, by course. */
type Results = Map<string, Result>;

export const results: Decider<Results, ResultEvent> = {
  initial: () => new Map(),
  evolve: (state, { data: { course, result } }) => state.set(course, result),
};

interface CourseResult {
  readonly candidateId: string;
  readonly period: string;
  readonly course: string;
  readonly result: Result;
}

/** Records a course's result, or corrects it; a change back to an earlier result is a correction too. */
export function recordScore(state: Results, { candidateId, period, course, result }: CourseResult): ResultEvent[] {
  const known = state.get(course);
  if (same(known, result)) return [];
  return [{ type: known ? 'ScoreCorrected' : 'ScoreRecorded', data: { candidateId, period, course, result } }];
}
