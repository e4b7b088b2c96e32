import { z } from 'zod';
import { admissionNo, date, id, oneOf, optional, text } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { candidateIdOf, referenceTo } from '../imports/files/rows.js';
import { RecordStatusApplication } from './record-status-application.command.js';

const columns = z.object({
  id,
  admission_no: admissionNo,
  kind: oneOf('continuation', 'exemption', 'transfer_out', 'transfer_in'),
  state: oneOf('draft', 'submitted', 'approved', 'rejected', 'withdrawn'),
  applied_on: optional(date),
  remark: optional(text(1000)),
  detail: optional(text(2000)),
});

type Row = z.output<typeof columns>;

export const statusApplications: ImportFile<Row> = {
  name: 'status_applications',
  columns,
  key: (row) => row.id,
  references: (row) => {
    const course = exemptCourse(row);
    const candidate = referenceTo('candidate', 'admission_no', row.admission_no);
    return course === undefined ? [candidate] : [candidate, referenceTo('course', 'detail', course)];
  },
  stream: (row) => row.id,
  command: (row, given, found) =>
    new RecordStatusApplication(
      given,
      { candidateId: candidateIdOf(found), application: row.id, kind: row.kind, course: exemptCourse(row), appliedOn: row.applied_on },
      row.state,
      { remark: row.remark ?? '', detail: row.detail ?? '' },
    ),
};

/** The course of an exemption 免考 whose detail is a course's code (5 digits) and no words. */
function exemptCourse({ kind, detail }: Row): string | undefined {
  return kind === 'exemption' && detail !== undefined && /^\d{5}$/.test(detail) ? detail : undefined;
}
