import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

export type Grade = '优' | '良' | '及格' | '不及格';
/** 缺考 absent, 违纪 a breach that voids the course, 作弊 cheating that voids the sitting. */
export type Remark = '缺考' | '违纪' | '作弊';

/** Exactly one of: a score of 0 to 100 (pass mark 60), a grade of a practical, or why there is neither. */
export type Result = { readonly score: number } | { readonly grade: Grade } | { readonly remark: Remark };

/** docs/domain.md, "Words": the pass mark of a written paper. */
const PASS_MARK = 60;

/** 合格: a score of 60 and above, or any grade but 不及格. 缺考, 违纪 and 作弊 are 不合格. */
export function isPassed(result: Result): boolean {
  if ('score' in result) return result.score >= PASS_MARK;
  return 'grade' in result && result.grade !== '不及格';
}

export type ResultEvent =
  | Event<'ScoreRecorded', { candidateId: string; period: string; course: string; result: Result }>
  | Event<'ScoreCorrected', { candidateId: string; period: string; course: string; result: Result }>
  /** 待定: what was recorded, if anything, no longer holds, and a result will follow. */
  | Event<'ScoreWithheld', { candidateId: string; period: string; course: string }>
  /** There is no result again, as before the first was recorded. */
  | Event<'ScoreWithdrawn', { candidateId: string; period: string; course: string }>;

export const resultEvents: EventTypes<ResultEvent> = { ScoreRecorded: [], ScoreCorrected: [], ScoreWithheld: [], ScoreWithdrawn: [] };
