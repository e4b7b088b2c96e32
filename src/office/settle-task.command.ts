import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { taskStream } from './office.streams.js';
import { settleTask, task } from './task.decider.js';

/** Records that a task is done. The note says what was done, and names no person. */
export class SettleTask extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly task: string,
    readonly note: string,
    /** The officer; none where what it was raised for is gone. */
    readonly by?: string,
  ) {
    super();
  }
}

export const SettleTaskHandler = handler(SettleTask, {
  stream: ({ task }) => taskStream(task),
  decider: task,
  decide: (state, { given, task, note, by }) => settleTask(state, { task, note, by, at: given.at }),
});
