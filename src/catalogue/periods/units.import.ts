import { z } from 'zod';
import { date, period, timeOfDay, unit } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { periodStream, referenceTo } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { ScheduleUnit } from './schedule-unit.command.js';

const columns = z.object({ period, unit, date, starts: timeOfDay });

type Row = z.output<typeof columns>;

export const units: ImportFile<Row> = {
  name: 'units',
  columns,
  key: (row) => `${row.period}/${row.unit}`,
  defines: (row) => ({ kind: 'unit', value: `${row.period}/${row.unit}` }),
  references: (row) => [referenceTo('period', 'period', row.period)],
  stream: periodStream,
  command: ({ period, unit, date, starts }, given) => new ScheduleUnit(given, period, unit, { date, starts }),
  history: rowHistory<CatalogueEvent & { type: 'UnitScheduled' }, Row>({
    key: ({ unit }) => unit,
    on: { UnitScheduled: (_, { period, unit, date, starts }) => ({ period, unit, date, starts }) },
  }),
};
