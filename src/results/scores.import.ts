import { z } from 'zod';
import { admissionNo, code, oneOf, optional, period, whole } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../imports/files/rows.js';
import { RecordScore } from './record-score.command.js';
import type { Result } from './results.events.js';

const columns = z.object({
  admission_no: admissionNo,
  period,
  course: code,
  score: optional(whole(0, 100)),
  grade: optional(oneOf('优', '良', '及格', '不及格')),
  remark: optional(oneOf('缺考', '违纪', '作弊')),
});

type Row = z.output<typeof columns>;

export const scores: ImportFile<Row> = {
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
};

function resultsOf({ score, grade, remark }: Row): Result[] {
  const results: Result[] = [];
  if (score !== undefined) results.push({ score });
  if (grade !== undefined) results.push({ grade });
  if (remark !== undefined) results.push({ remark });
  return results;
}
