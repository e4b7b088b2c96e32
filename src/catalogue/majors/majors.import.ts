import { z } from 'zod';
import { code, date, line, oneOf, optional } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { majorStream, shouldFollow } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { DescribeMajor } from './describe-major.command.js';

const columns = z.object({
  code,
  name: line(100),
  level: line(50),
  university: line(100),
  state: oneOf('open', 'closing', 'closed'),
  last_registration: optional(date),
  last_exam: optional(date),
  last_thesis: optional(date),
  last_graduation: optional(date),
  last_degree: optional(date),
});

type Row = z.output<typeof columns>;

export const majors: ImportFile<Row> = {
  name: 'majors',
  columns,
  key: (row) => row.code,
  defines: (row) => ({ kind: 'major', value: row.code }),
  references: () => [],
  warnings: (row) => [
    ...shouldFollow(row.last_registration, row.last_exam, 'last_exam', '最后考试早于最后注册'),
    ...shouldFollow(row.last_exam, row.last_graduation, 'last_graduation', '最后毕业早于最后考试'),
    ...shouldFollow(row.last_graduation, row.last_degree, 'last_degree', '最后授予学位早于最后毕业'),
  ],
  stream: majorStream,
  command: (row, given) =>
    new DescribeMajor(given, row.code, {
      name: row.name,
      level: row.level,
      university: row.university,
      state: row.state,
      lastRegistration: row.last_registration,
      lastExam: row.last_exam,
      lastThesis: row.last_thesis,
      lastGraduation: row.last_graduation,
      lastDegree: row.last_degree,
    }),
  history: rowHistory<CatalogueEvent & { type: 'MajorDescribed' }, Row>({
    on: {
      MajorDescribed: (_, { major, name, level, university, state, ...last }) => ({
        code: major,
        name,
        level,
        university,
        state,
        last_registration: last.lastRegistration,
        last_exam: last.lastExam,
        last_thesis: last.lastThesis,
        last_graduation: last.lastGraduation,
        last_degree: last.lastDegree,
      }),
    },
  }),
};
