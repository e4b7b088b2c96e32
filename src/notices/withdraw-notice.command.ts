import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { notice, withdrawNotice } from './notice.decider.js';
import { noticeStream } from './notices.streams.js';

export class WithdrawNotice extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly notice: string,
  ) {
    super();
  }
}

export const WithdrawNoticeHandler = handler(WithdrawNotice, {
  stream: ({ notice }) => noticeStream(notice),
  decider: notice,
  decide: withdrawNotice,
});
