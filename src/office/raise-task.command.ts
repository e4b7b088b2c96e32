import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { TaskTerms } from './office.events.js';
import { taskStream } from './office.streams.js';
import { raiseTask, task } from './task.decider.js';

/** A person of the office has to look at something; `terms.task` is the same for the same thing. */
export class RaiseTask extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: TaskTerms,
  ) {
    super();
  }
}

@CommandHandler(RaiseTask)
export class RaiseTaskHandler implements ICommandHandler<RaiseTask> {
  constructor(private readonly events: EventStore) {}

  execute(command: RaiseTask) {
    const { terms } = command;
    return this.events.decide(command, taskStream(terms.task), task, (state) => raiseTask(state, terms));
  }
}
