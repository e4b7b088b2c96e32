import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { notice, publishNotice } from './notice.decider.js';
import { noticeStream } from './notices.streams.js';

/** `publishedAt` is an instant in UTC, `body` Markdown without HTML. */
export interface NoticeText {
  readonly title: string;
  readonly publishedAt: string;
  readonly body: string;
}

export class PublishNotice extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly notice: string,
    readonly text: NoticeText,
  ) {
    super();
  }
}

@CommandHandler(PublishNotice)
export class PublishNoticeHandler implements ICommandHandler<PublishNotice> {
  constructor(private readonly events: EventStore) {}

  execute(command: PublishNotice) {
    return this.events.decide(command, noticeStream(command.notice), notice, (state) => publishNotice(state, command));
  }
}
