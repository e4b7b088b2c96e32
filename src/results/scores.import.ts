import { z } from 'zod';
import { admissionNo, code, oneOf, optional, period, whole } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { rowHistory } from '../imports/files/row-history.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../imports/files/rows.js';
import { RecordScore } from './record-score.command.js';
import { isPassed, type Result, type ResultEvent } from './results.events.js';
import { WithdrawScore } from './withdraw-score.command.js';
import { WithholdScore } from './withhold-score.command.js';

const columns = z.object({
  admission_no: admissionNo,
  period,
  course: code,
  score: optional(whole(0, 100)),
  grade: optional(oneOf('优', '良', '及格', '不及格')),
  remark: optional(oneOf('缺考', '违纪', '作弊')),
});

type Row = z.output<typeof columns>;
/** One of score, grade and remark; none of them while the result is 待定. */
type RowFromEvents = Pick<Row, 'period' | 'course'> & Partial<Row>;

export const scores: ImportFile<Row, RowFromEvents> = {
  name: 'scores',
  columns,
  key: sittingKey,
  references: sittingReferences,
  faults: (row) => (resultsOf(row).length === 1 ? [] : [{ column: 'score', reason: '成绩、等级和备注应填写且只填写一项' }]),
  stream: sittingStream,
  command: (row, given, found) => {
    const [result] = resultsOf(row);
    if (!result) throw new Error('a row without a result became a command');
    return new RecordScore(given, candidateIdOf(found), row.period, row.course, result);
  },
  history: rowHistory<ResultEvent, RowFromEvents>({
    key: ({ course }) => course,
    on: {
      ScoreRecorded: (_, { period, course, result }) => ({ period, course, ...result }),
      ScoreCorrected: (_, { period, course, result }) => ({ period, course, ...result }),
      ScoreWithheld: (_, { period, course }) => ({ period, course }),
      ScoreWithdrawn: () => undefined,
    },
  }),
  isPassed: (row) => resultsOf(row).some(isPassed),
  restore: (row, given, found) =>
    resultsOf(row).length > 0 ? scores.command(row, given, found) : new WithholdScore(given, candidateIdOf(found), row.period, row.course),
  takeBack: ({ period, course }, given, found) => new WithdrawScore(given, candidateIdOf(found), period, course),
};

function resultsOf({ score, grade, remark }: RowFromEvents): Result[] {
  const results: Result[] = [];
  if (score !== undefined) results.push({ score });
  if (grade !== undefined) results.push({ grade });
  if (remark !== undefined) results.push({ remark });
  return results;
}
