import { z } from 'zod';
import { code, line, optional, whole } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { DescribeCourse } from './describe-course.command.js';

const columns = z.object({ code, name: line(100), credits: optional(whole(0, 99)) });

type Row = z.output<typeof columns>;

export const courses: ImportFile<Row> = {
  name: 'courses',
  columns,
  key: (row) => row.code,
  defines: (row) => ({ kind: 'course', value: row.code }),
  references: () => [],
  stream: (row) => row.code,
  command: ({ code, name, credits }, given) => new DescribeCourse(given, code, { name, credits }),
  history: rowHistory<CatalogueEvent & { type: 'CourseDescribed' }, Row>({
    on: { CourseDescribed: (_, { course, name, credits }) => ({ code: course, name, credits }) },
  }),
};
