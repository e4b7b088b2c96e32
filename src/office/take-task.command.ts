import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { taskStream } from './office.streams.js';
import { takeTask, task } from './task.decider.js';

/** An officer begins to work on a task: nobody else takes or settles it for half an hour. */
export class TakeTask extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly task: string,
    /** The officer's account. */
    readonly by: string,
  ) {
    super();
  }
}

export const TakeTaskHandler = handler(TakeTask, {
  stream: ({ task }) => taskStream(task),
  decider: task,
  decide: (state, { given, task, by }) => takeTask(state, { task, by, at: given.at }),
});
