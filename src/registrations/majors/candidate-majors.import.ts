import { z } from 'zod';
import { admissionNo, code, oneOf, period } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { candidateIdOf, referenceTo } from '../../imports/files/rows.js';
import { RecordMajor } from './record-major.command.js';

const columns = z.object({ admission_no: admissionNo, major: code, state: oneOf('studying', 'graduated', 'left'), added_period: period });

export const candidateMajors: ImportFile<z.output<typeof columns>> = {
  name: 'candidate_majors',
  columns,
  key: (row) => `${row.admission_no}/${row.major}`,
  references: (row) => [
    referenceTo('candidate', 'admission_no', row.admission_no),
    referenceTo('major', 'major', row.major),
    referenceTo('period', 'added_period', row.added_period),
  ],
  stream: (row) => row.admission_no,
  command: (row, given, found) => new RecordMajor(given, candidateIdOf(found), row.major, row.state, row.added_period),
};
