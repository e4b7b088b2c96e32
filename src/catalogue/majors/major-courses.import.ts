import { z } from 'zod';
import { code, yesOrNo } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { majorStream, referenceTo } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { ListMajorCourse } from './list-major-course.command.js';

const columns = z.object({ major: code, course: code, required: yesOrNo });

type Row = z.output<typeof columns>;

export const majorCourses: ImportFile<Row> = {
  name: 'major_courses',
  columns,
  key: (row) => `${row.major}/${row.course}`,
  references: (row) => [referenceTo('major', 'major', row.major), referenceTo('course', 'course', row.course)],
  stream: majorStream,
  command: ({ major, course, required }, given) => new ListMajorCourse(given, major, course, required),
  history: rowHistory<CatalogueEvent & { type: 'MajorCourseListed' }, Row>({
    key: ({ course }) => course,
    on: { MajorCourseListed: (_, { major, course, required }) => ({ major, course, required }) },
  }),
};
