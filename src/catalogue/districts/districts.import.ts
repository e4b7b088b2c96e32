import { z } from 'zod';
import { line } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { DescribeDistrict } from './describe-district.command.js';

const columns = z.object({ name: line(50), office: line(100), place: line(100), address: line(200), phone: line(50) });

type Row = z.output<typeof columns>;

export const districts: ImportFile<Row> = {
  name: 'districts',
  columns,
  key: (row) => row.name,
  defines: (row) => ({ kind: 'district', value: row.name }),
  references: () => [],
  stream: (row) => row.name,
  command: ({ name, ...office }, given) => new DescribeDistrict(given, name, office),
  history: rowHistory<CatalogueEvent & { type: 'DistrictDescribed' }, Row>({
    on: { DistrictDescribed: (_, { district, ...office }) => ({ name: district, ...office }) },
  }),
};
