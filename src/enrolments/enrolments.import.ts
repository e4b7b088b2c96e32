import { z } from 'zod';
import { admissionNo, code, oneOf, period } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { rowHistory } from '../imports/files/row-history.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../imports/files/rows.js';
import type { EnrolmentEvent } from './enrolments.events.js';
import { RecordEnrolment } from './record-enrolment.command.js';

const columns = z.object({ admission_no: admissionNo, period, course: code, state: oneOf('enrolled', 'withdrawn') });

type Row = z.output<typeof columns>;
type RowFromEvents = Omit<Row, 'admission_no'>;

export const enrolments: ImportFile<Row, RowFromEvents> = {
  name: 'enrolments',
  columns,
  key: sittingKey,
  references: sittingReferences,
  stream: sittingStream,
  command: ({ period, course, state }, given, found) => new RecordEnrolment(given, candidateIdOf(found), period, course, state),
  history: rowHistory<Extract<EnrolmentEvent, { type: 'CourseEnrolled' | 'CourseWithdrawn' }>, RowFromEvents>({
    key: ({ course }) => course,
    on: {
      CourseEnrolled: (_, { period, course }) => ({ period, course, state: 'enrolled' }),
      CourseWithdrawn: (_, { period, course }) => ({ period, course, state: 'withdrawn' }),
    },
    concerns: (event, course) => coursesOf(event as EnrolmentEvent).includes(course),
  }),
  takeBack: (row, given, found) => enrolments.command({ ...row, state: 'withdrawn' }, given, found),
};

/** The courses that were confirmed to be paid for, or whose bill was paid or ended. */
function coursesOf({ type, data }: EnrolmentEvent): readonly string[] {
  if (type === 'EnrolmentConfirmed') return data.lines.map(({ code }) => code);
  return type === 'EnrolmentPaid' || type === 'EnrolmentFreed' ? data.courses : [];
}
