import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
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

@CommandHandler(WithdrawNotice)
export class WithdrawNoticeHandler implements ICommandHandler<WithdrawNotice> {
  constructor(private readonly events: EventStore) {}

  execute(command: WithdrawNotice) {
    return this.events.decide(command, noticeStream(command.notice), notice, (state) => withdrawNotice(state, command));
  }
}
