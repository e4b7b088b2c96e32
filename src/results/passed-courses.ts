import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/reading/fold-history.js';
import { isPassed, type ResultEvent } from './results.events.js';

type CourseResult = (ResultEvent & { type: 'ScoreRecorded' })['data'];

/** The courses that a candidate has passed in any period whose results are released, by the candidate's events. @throws StoreUnavailable */
export function passedCourses(history: readonly Recorded[], isReleased: (period: string) => boolean): ReadonlySet<string> {
  const results = new Map<string, CourseResult>();
  const setResult = (data: CourseResult) => {
    results.set(`${data.period} ${data.course}`, data);
  };
  const removeResult = ({ period, course }: Omit<CourseResult, 'result'>) => {
    results.delete(`${period} ${course}`);
  };
  foldHistory<ResultEvent>(history, { ScoreRecorded: setResult, ScoreCorrected: setResult, ScoreWithheld: removeResult, ScoreWithdrawn: removeResult });
  return new Set([...results.values()].filter(({ period, result }) => isReleased(period) && isPassed(result)).map(({ course }) => course));
}
