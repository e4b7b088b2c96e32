import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { Result, ResultEvent } from './results.events.js';

export interface CourseStatus {
  /** The result, or while it is 待定 the one that held before. */
  readonly result?: Result | undefined;
  readonly withheld?: true;
}

/** A candidate's results 成绩 in one period, by course. */
type Results = Map<string, CourseStatus>;

export const results: Decider<Results, ResultEvent> = {
  initial: () => new Map(),
  evolve(state, { type, data }) {
    switch (type) {
      case 'ScoreRecorded':
      case 'ScoreCorrected':
        return state.set(data.course, { result: data.result });
      case 'ScoreWithheld':
        return state.set(data.course, { result: state.get(data.course)?.result, withheld: true });
      case 'ScoreWithdrawn':
        state.delete(data.course);
        return state;
    }
  },
};

interface ExaminedCourse {
  readonly candidateId: string;
  readonly period: string;
  readonly course: string;
}

/** Records a course's result, or corrects it; a change back to an earlier result is a correction too. */
export function recordScore(state: Results, { candidateId, period, course, result }: ExaminedCourse & { readonly result: Result }): ResultEvent[] {
  const known = state.get(course);
  if (!known?.withheld && same(known?.result, result)) return [];
  return [{ type: known?.result ? 'ScoreCorrected' : 'ScoreRecorded', data: { candidateId, period, course, result } }];
}

/** Makes a course's result 待定, whether there is one or not. */
export function withholdScore(state: Results, { candidateId, period, course }: ExaminedCourse): ResultEvent[] {
  return state.get(course)?.withheld ? [] : [{ type: 'ScoreWithheld', data: { candidateId, period, course } }];
}

/** Takes back whatever was recorded of a course's result, also that it is 待定. */
export function withdrawScore(state: Results, { candidateId, period, course }: ExaminedCourse): ResultEvent[] {
  return state.has(course) ? [{ type: 'ScoreWithdrawn', data: { candidateId, period, course } }] : [];
}
