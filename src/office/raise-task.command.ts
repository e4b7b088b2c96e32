import { Command } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
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

export const RaiseTaskHandler = handler(RaiseTask, {
  stream: ({ terms }) => taskStream(terms.task),
  decider: task,
  decide: (state, command) => raiseTask(state, command.terms),
});
