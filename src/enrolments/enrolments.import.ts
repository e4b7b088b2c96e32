import { z } from 'zod';
import { admissionNo, code, oneOf, period } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../imports/files/rows.js';
import { RecordEnrolment } from './record-enrolment.command.js';

const columns = z.object({ admission_no: admissionNo, period, course: code, state: oneOf('enrolled', 'withdrawn') });

export const enrolments: ImportFile<z.output<typeof columns>> = {
  name: 'enrolments',
  columns,
  key: sittingKey,
  references: sittingReferences,
  stream: sittingStream,
  command: ({ period, course, state }, given, found) => new RecordEnrolment(given, candidateIdOf(found), period, course, state),
};
