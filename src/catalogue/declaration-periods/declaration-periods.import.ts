import { z } from 'zod';
import { code, instant, line, oneOf, optional } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { mustFollow, shouldFollow } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { AnnounceDeclarationPeriod } from './announce-declaration-period.command.js';

const columns = z.object({
  kind: oneOf('thesis', 'graduation', 'degree'),
  code,
  name: line(50),
  opens: optional(instant),
  closes: optional(instant),
  payment_closes: optional(instant),
});

type Row = z.output<typeof columns>;

export const declarationPeriods: ImportFile<Row> = {
  name: 'declaration_periods',
  columns,
  key: (row) => `${row.kind}/${row.code}`,
  defines: (row) => ({ kind: 'declaration_period', value: `${row.kind}/${row.code}` }),
  references: () => [],
  faults: (row) => mustFollow(row.opens, row.closes, 'closes'),
  warnings: (row) => shouldFollow(row.closes, row.payment_closes, 'payment_closes', '缴费截止早于申报截止'),
  stream: (row) => `${row.kind}/${row.code}`,
  command: ({ kind, code, name, opens, closes, payment_closes }, given) =>
    new AnnounceDeclarationPeriod(given, kind, code, { name, opens, closes, paymentCloses: payment_closes }),
  history: rowHistory<CatalogueEvent & { type: 'DeclarationPeriodAnnounced' }, Row>({
    on: { DeclarationPeriodAnnounced: (_, { paymentCloses, ...terms }) => ({ ...terms, payment_closes: paymentCloses }) },
  }),
};
