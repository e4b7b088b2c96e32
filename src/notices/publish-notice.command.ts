import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import type { NoticeText } from './notice.decider.js';
import { notice, publishNotice } from './notice.decider.js';
import { noticeStream } from './notices.streams.js';

export class PublishNotice extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly notice: string,
    readonly text: NoticeText,
  ) {
    super();
  }
}

export const PublishNoticeHandler = handler(PublishNotice, {
  stream: ({ notice }) => noticeStream(notice),
  decider: notice,
  decide: publishNotice,
});
