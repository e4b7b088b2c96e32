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
  earlierFingerprints: ['b404db5a5b9da139'],
  key: ({ data }) => data.notice,
  empty: { title: '', publishedAt: '', body: '' },
  instants: ['publishedAt'],
  money: [],
  on: {
    NoticePublished: (_, { data: { title, publishedAt, body } }) => ({ title, publishedAt, body }),
    NoticeWithdrawn: () => null,
  },
});
