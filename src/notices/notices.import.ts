import { z } from 'zod';
import { id, instant, line, markdown, oneOf } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { PublishNotice } from './publish-notice.command.js';
import { WithdrawNotice } from './withdraw-notice.command.js';

const columns = z.object({ id, title: line(200), published_at: instant, state: oneOf('published', 'withdrawn'), body: markdown });

export const notices: ImportFile<z.output<typeof columns>> = {
  name: 'notices',
  columns,
  key: (row) => row.id,
  references: () => [],
  stream: (row) => row.id,
  command: ({ id, title, published_at, state, body }, given) =>
    state === 'withdrawn' ? new WithdrawNotice(given, id) : new PublishNotice(given, id, { title, publishedAt: published_at, body }),
};
