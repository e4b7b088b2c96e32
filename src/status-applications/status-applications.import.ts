import { z } from 'zod';
import { admissionNo, date, id, oneOf, optional, text } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { sealedRowHistory } from '../imports/files/row-history.js';
import { candidateIdOf, referenceTo } from '../imports/files/rows.js';
import { RecordStatusApplication } from './record-status-application.command.js';
import type { ApplicationEvent } from './status-applications.events.js';
import { VoidStatusApplication } from './void-status-application.command.js';

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
type RowFromEvents = Omit<Row, 'admission_no'>;
type Reported = Extract<ApplicationEvent, { data: { text: unknown } }>['data'];
/** Remark and detail are sealed together. */
type Kept = Omit<RowFromEvents, 'remark' | 'detail'> & Pick<Reported, 'text'>;

export const statusApplications: ImportFile<Row, RowFromEvents> = {
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
  history: sealedRowHistory<ApplicationEvent, RowFromEvents, Kept>({
    on: {
      ApplicationDrafted: reported('draft'),
      ApplicationSubmitted: reported('submitted'),
      ApplicationApproved: reported('approved'),
      ApplicationRejected: reported('rejected'),
      ApplicationWithdrawn: reported('withdrawn'),
      ApplicationVoided: () => undefined,
    },
    open({ text, ...row }, safe) {
      const opened = safe.open(text);
      return opened && { ...row, remark: opened.remark || undefined, detail: opened.detail || undefined };
    },
  }),
  takeBack: ({ id: application }, given, found) => new VoidStatusApplication(given, candidateIdOf(found), application),
};

/** The course of an exemption 免考 whose detail is a course's code (5 digits) and no words. */
function exemptCourse({ kind, detail }: RowFromEvents): string | undefined {
  return kind === 'exemption' && detail !== undefined && /^\d{5}$/.test(detail) ? detail : undefined;
}

function reported(state: Row['state']) {
  return (_: Kept | undefined, { application, kind, appliedOn, text }: Reported): Kept => ({
    id: application,
    kind,
    state,
    applied_on: appliedOn,
    text,
  });
}
