import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { taskStream } from './office.streams.js';
import { giveTaskBack, task } from './task.decider.js';

/** An officer does not go on with a task that was taken. */
export class GiveTaskBack extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly task: string,
    /** The officer's account. */
    readonly by: string,
  ) {
    super();
  }
}

export const GiveTaskBackHandler = handler(GiveTaskBack, {
  stream: ({ task }) => taskStream(task),
  decider: task,
  decide: (state, { task, by }) => giveTaskBack(state, { task, by }),
});
