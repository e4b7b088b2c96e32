import { z } from 'zod';
import { admissionNo, code, oneOf, period } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { candidateIdOf, candidateStream, referenceTo } from '../../imports/files/rows.js';
import type { RegistrationEvent } from '../registrations.events.js';
import { RecordMajor } from './record-major.command.js';
import { WithdrawMajor } from './withdraw-major.command.js';

const columns = z.object({ admission_no: admissionNo, major: code, state: oneOf('studying', 'graduated', 'left'), added_period: period });

type Row = z.output<typeof columns>;
type RowFromEvents = Omit<Row, 'admission_no'>;

export const candidateMajors: ImportFile<Row, RowFromEvents> = {
  name: 'candidate_majors',
  columns,
  key: (row) => `${row.admission_no}/${row.major}`,
  references: (row) => [
    referenceTo('candidate', 'admission_no', row.admission_no),
    referenceTo('major', 'major', row.major),
    referenceTo('period', 'added_period', row.added_period),
  ],
  stream: candidateStream,
  command: (row, given, found) => new RecordMajor(given, candidateIdOf(found), row.major, row.state, row.added_period),
  history: rowHistory<Extract<RegistrationEvent, { type: `Major${string}` }>, RowFromEvents>({
    key: ({ major }) => major,
    endedBy: ['RegistrationVoided'],
    on: {
      MajorAdded: (_, { major, period }) => ({ major, state: 'studying', added_period: period }),
      MajorGraduated: (row) => row && { ...row, state: 'graduated' },
      MajorLeft: (row) => row && { ...row, state: 'left' },
      MajorWithdrawn: () => undefined,
    },
  }),
  takeBack: ({ major }, given, found) => new WithdrawMajor(given, candidateIdOf(found), major),
};
