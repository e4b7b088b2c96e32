import { z } from 'zod';
import { date, period, timeOfDay, unit } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { referenceTo } from '../../imports/files/rows.js';
import { ScheduleUnit } from './schedule-unit.command.js';

const columns = z.object({ period, unit, date, starts: timeOfDay });

export const units: ImportFile<z.output<typeof columns>> = {
  name: 'units',
  columns,
  key: (row) => `${row.period}/${row.unit}`,
  defines: (row) => ({ kind: 'unit', value: `${row.period}/${row.unit}` }),
  references: (row) => [referenceTo('period', 'period', row.period)],
  stream: (row) => row.period,
  command: ({ period, unit, date, starts }, given) => new ScheduleUnit(given, period, unit, { date, starts }),
};
