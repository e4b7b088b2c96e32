import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { taskStream } from './office.streams.js';
import { settleTask, task } from './task.decider.js';

/** A person has done what a task asked for; the note says what, and names no person. */
export class SettleTask extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly task: string,
    readonly note: string,
  ) {
    super();
  }
}

@CommandHandler(SettleTask)
export class SettleTaskHandler implements ICommandHandler<SettleTask> {
  constructor(private readonly events: EventStore) {}

  execute(command: SettleTask) {
    return this.events.decide(command, taskStream(command.task), task, (state) => settleTask(state, command.task, command.note));
  }
}
