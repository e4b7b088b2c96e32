import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import type { TaskTerms } from './office.events.js';
import { taskStream } from './office.streams.js';
import { raiseTask, task } from './task.decider.js';

/** Raises a task for a person of the office. The same matter has the same id `terms.task`. */
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
