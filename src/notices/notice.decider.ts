import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { NoticeEvent } from './notices.events.js';
import type { NoticeText, PublishNotice } from './publish-notice.command.js';
import type { WithdrawNotice } from './withdraw-notice.command.js';

/** A notice 消息通知: its text while it is published. */
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

/** Publishes a notice, also anew after a withdrawal, or with another text. */
export function publishNotice(state: Notice, command: PublishNotice): NoticeEvent[] {
  return same(state.published, command.text) ? [] : [{ type: 'NoticePublished', data: { notice: command.notice, ...command.text } }];
}

/** Takes a notice back; one that is not published stays so. */
export function withdrawNotice(state: Notice, command: WithdrawNotice): NoticeEvent[] {
  return state.published ? [{ type: 'NoticeWithdrawn', data: { notice: command.notice } }] : [];
}
