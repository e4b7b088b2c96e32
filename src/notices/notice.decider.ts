import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { NoticeEvent } from './notices.events.js';

/** `publishedAt` is an instant in UTC, `body` Markdown without HTML. */
export interface NoticeText {
  readonly title: string;
  readonly publishedAt: string;
  readonly body: string;
}

/** A notice 消息通知, with its text while it is published. */
interface Notice {
  readonly published?: NoticeText;
}

export const notice: Decider<Notice, NoticeEvent> = {
  initial: () => ({}),
  evolve(_, { type, data }) {
    switch (type) {
      case 'NoticePublished':
        return { published: { title: data.title, publishedAt: data.publishedAt, body: data.body } };
      case 'NoticeWithdrawn':
        return {};
    }
  },
};

/** Publishes a notice, also again after a withdrawal, or with another text. */
export function publishNotice(state: Notice, { notice, text }: { readonly notice: string; readonly text: NoticeText }): NoticeEvent[] {
  return same(state.published, text) ? [] : [{ type: 'NoticePublished', data: { notice, ...text } }];
}

/** Withdraws a notice that is published. */
export function withdrawNotice(state: Notice, { notice }: { readonly notice: string }): NoticeEvent[] {
  return state.published ? [{ type: 'NoticeWithdrawn', data: { notice } }] : [];
}
