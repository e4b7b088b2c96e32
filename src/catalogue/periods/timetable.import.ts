import { z } from 'zod';
import { code, oneOf, optional, period, unit, whole } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { periodStream, referenceTo } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { SchedulePaper } from './schedule-paper.command.js';

const LONGEST_PAPER_MINUTES = 600;

const columns = z.object({
  period,
  course: code,
  unit: optional(unit),
  form: oneOf('written', 'practical'),
  minutes: optional(whole(1, LONGEST_PAPER_MINUTES)),
});

type Row = z.output<typeof columns>;

export const timetable: ImportFile<Row> = {
  name: 'timetable',
  columns,
  key: (row) => `${row.period}/${row.course}`,
  references: ({ period, course, unit }) => [
    referenceTo('period', 'period', period),
    referenceTo('course', 'course', course),
    ...(unit === undefined ? [] : [referenceTo('unit', 'unit', `${period}/${unit}`)]),
  ],
  faults: ({ form, unit }) => {
    if (form === 'written' && unit === undefined) return [{ column: 'unit', reason: '笔试课程应填写单元' }];
    if (form === 'practical' && unit !== undefined) return [{ column: 'unit', reason: '实践课程不分单元，应为空' }];
    return [];
  },
  stream: periodStream,
  command: ({ period, course, unit, form, minutes }, given) => new SchedulePaper(given, period, course, { unit, form, minutes }),
  history: rowHistory<CatalogueEvent & { type: 'PaperScheduled' }, Row>({
    key: ({ course }) => course,
    on: { PaperScheduled: (_, { period, course, unit, form, minutes }) => ({ period, course, unit, form, minutes }) },
  }),
};
