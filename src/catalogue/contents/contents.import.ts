import { z } from 'zod';
import { instant, markdown, oneOf } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { PublishContent } from './publish-content.command.js';

const columns = z.object({
  key: oneOf('rules', 'payment_guide', 'quick_channels', 'login_welcome', 'help', 'privacy'),
  effective_from: instant,
  body: markdown,
});

type Row = z.output<typeof columns>;

export const contents: ImportFile<Row> = {
  name: 'contents',
  columns,
  key: (row) => row.key,
  references: () => [],
  stream: (row) => row.key,
  command: ({ key, effective_from, body }, given) => new PublishContent(given, key, { effectiveFrom: effective_from, body }),
  history: rowHistory<CatalogueEvent & { type: 'ContentPublished' }, Row>({
    on: { ContentPublished: (_, { key, effectiveFrom, body }) => ({ key, effective_from: effectiveFrom, body }) },
  }),
};
