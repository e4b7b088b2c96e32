import { z } from 'zod';
import { code, line, optional, whole } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { DescribeCourse } from './describe-course.command.js';

const columns = z.object({ code, name: line(100), credits: optional(whole(0, 99)) });

export const courses: ImportFile<z.output<typeof columns>> = {
  name: 'courses',
  columns,
  key: (row) => row.code,
  defines: (row) => ({ kind: 'course', value: row.code }),
  references: () => [],
  stream: (row) => row.code,
  command: ({ code, name, credits }, given) => new DescribeCourse(given, code, { name, credits }),
};
