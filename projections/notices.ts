import type { NoticeEvent } from '../src/notices/notices.events.js';
import { projection } from '../src/read-models/projection.js';

/** A published notice 消息通知; its body is Markdown without HTML. */
export interface Notice {
  readonly title: string;
  readonly publishedAt: string;
  readonly body: string;
}

export const notices = projection<Notice, NoticeEvent>({
  name: 'notices',
  version: 1,
  key: ({ data }) => data.notice,
  empty: { title: '', publishedAt: '', body: '' },
  on: {
    NoticePublished: (_, { data: { title, publishedAt, body } }) => ({ title, publishedAt, body }),
    NoticeWithdrawn: () => null,
  },
});
