import { z } from 'zod';
import { fen, oneOf, period } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { referenceTo } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { SetFee } from './set-fee.command.js';

const columns = z.object({ kind: oneOf('written', 'practical', 'thesis', 'degree'), from_period: period, amount_fen: fen });

type Row = z.output<typeof columns>;

export const fees: ImportFile<Row> = {
  name: 'fees',
  columns,
  key: (row) => `${row.kind}/${row.from_period}`,
  references: (row) => [referenceTo('period', 'from_period', row.from_period)],
  stream: (row) => row.kind,
  command: ({ kind, from_period, amount_fen }, given) => new SetFee(given, kind, from_period, amount_fen),
  history: rowHistory<CatalogueEvent & { type: 'FeeSet' }, Row>({
    key: ({ fromPeriod }) => fromPeriod,
    on: { FeeSet: (_, { kind, fromPeriod, fen }) => ({ kind, from_period: fromPeriod, amount_fen: fen }) },
  }),
};
