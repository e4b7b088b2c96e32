import { z } from 'zod';
import { id, instant, line, markdown, oneOf } from '../imports/files/columns.js';
import type { ImportFile } from '../imports/files/import-file.js';
import { rowHistory } from '../imports/files/row-history.js';
import type { NoticeEvent } from './notices.events.js';
import { PublishNotice } from './publish-notice.command.js';
import { WithdrawNotice } from './withdraw-notice.command.js';

const columns = z.object({ id, title: line(200), published_at: instant, state: oneOf('published', 'withdrawn'), body: markdown });

type Row = z.output<typeof columns>;

export const notices: ImportFile<Row> = {
  name: 'notices',
  columns,
  key: (row) => row.id,
  references: () => [],
  stream: (row) => row.id,
  command: ({ id, title, published_at, state, body }, given) =>
    state === 'withdrawn' ? new WithdrawNotice(given, id) : new PublishNotice(given, id, { title, publishedAt: published_at, body }),
  history: rowHistory<NoticeEvent, Row>({
    on: {
      NoticePublished: (_, { notice, title, publishedAt, body }) => ({ id: notice, title, published_at: publishedAt, state: 'published', body }),
      NoticeWithdrawn: (row) => row && { ...row, state: 'withdrawn' },
    },
  }),
  takeBack: ({ id: notice }, given) => new WithdrawNotice(given, notice),
};
