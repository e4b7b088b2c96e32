import { z } from 'zod';
import { code, yesOrNo } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { referenceTo } from '../../imports/files/rows.js';
import { ListMajorCourse } from './list-major-course.command.js';

const columns = z.object({ major: code, course: code, required: yesOrNo });

export const majorCourses: ImportFile<z.output<typeof columns>> = {
  name: 'major_courses',
  columns,
  key: (row) => `${row.major}/${row.course}`,
  references: (row) => [referenceTo('major', 'major', row.major), referenceTo('course', 'course', row.course)],
  stream: (row) => row.major,
  command: ({ major, course, required }, given) => new ListMajorCourse(given, major, course, required),
};
