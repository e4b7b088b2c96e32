import { z } from 'zod';
import { admissionNo, code, date, id, line, oneOf, optional, text } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { sealedRowHistory } from '../imports/files/row-history.js';
import { candidateIdOf, referenceTo, shouldFollow } from '../imports/files/rows.js';
import type { DeclarationEvent, DeclarationTerms } from './declarations.events.js';
import { RecordDeclaration } from './record-declaration.command.js';
import { VoidDeclaration } from './void-declaration.command.js';

const columns = z.object({
  id,
  admission_no: admissionNo,
  kind: oneOf('thesis', 'graduation', 'degree'),
  period: code,
  major: code,
  university: line(100),
  state: oneOf('submitted', 'payment_due', 'paid', 'approved', 'rejected', 'withdrawn'),
  applied_on: optional(date),
  decided_on: optional(date),
  remark: optional(text(1000)),
});

type Row = z.output<typeof columns>;
type RowFromEvents = Omit<Row, 'admission_no'>;
type Decided = Extract<DeclarationEvent, { data: { decidedOn?: string | undefined } }>['data'];
/** The remark is sealed. */
type Kept = Omit<RowFromEvents, 'remark'> & { readonly remark?: Decided['remark'] };

export const declarations: ImportFile<Row, RowFromEvents> = {
  name: 'declarations',
  columns,
  key: (row) => row.id,
  references: (row) => [
    referenceTo('candidate', 'admission_no', row.admission_no),
    referenceTo('declaration_period', 'period', `${row.kind}/${row.period}`),
    referenceTo('major', 'major', row.major),
  ],
  warnings: (row) => shouldFollow(row.applied_on, row.decided_on, 'decided_on', '审核日期早于申请日期'),
  stream: (row) => row.id,
  command: (row, given, found) =>
    new RecordDeclaration(
      given,
      {
        candidateId: candidateIdOf(found),
        declaration: row.id,
        kind: row.kind,
        period: row.period,
        major: row.major,
        university: row.university,
        appliedOn: row.applied_on,
      },
      row.state,
      row.decided_on,
      row.remark,
    ),
  history: sealedRowHistory<DeclarationEvent, RowFromEvents, Kept>({
    on: {
      DeclarationSubmitted: (_, terms) => ({ ...columnsOf(terms), state: 'submitted' }),
      DeclarationCorrected: (row, terms) => row && { ...row, ...columnsOf(terms) },
      DeclarationPaymentRequested: decided('payment_due'),
      DeclarationPaid: decided('paid'),
      DeclarationApproved: decided('approved'),
      DeclarationRejected: decided('rejected'),
      DeclarationWithdrawn: decided('withdrawn'),
      DeclarationReopened: decided('submitted'),
      DeclarationVoided: () => undefined,
    },
    open: ({ remark, ...row }, safe) => ({ ...row, remark: remark && safe.open(remark) }),
  }),
  takeBack: ({ id: declaration }, given, found) => new VoidDeclaration(given, candidateIdOf(found), declaration),
};

function columnsOf({ declaration, kind, period, major, university, appliedOn }: DeclarationTerms) {
  return { id: declaration, kind, period, major, university, applied_on: appliedOn };
}

function decided(state: Row['state']) {
  return (row: Kept | undefined, { decidedOn, remark }: Decided) => row && { ...row, state, decided_on: decidedOn, remark };
}
