import { z } from 'zod';
import { instant, markdown, oneOf } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { PublishContent } from './publish-content.command.js';

const columns = z.object({
  key: oneOf('rules', 'payment_guide', 'quick_channels', 'login_welcome', 'help', 'privacy'),
  effective_from: instant,
  body: markdown,
});

export const contents: ImportFile<z.output<typeof columns>> = {
  name: 'contents',
  columns,
  key: (row) => row.key,
  references: () => [],
  stream: (row) => row.key,
  command: ({ key, effective_from, body }, given) => new PublishContent(given, key, { effectiveFrom: effective_from, body }),
};
