import type { Task, TaskStep } from '../../../projections/tasks.js';
import { taskRow } from './open-tasks.view.js';

const steps: Readonly<Record<TaskStep['what'], string>> = { taken: '开始办理', given_back: '退回' };

/** A task with its history, the newest first, and what its reader may do with it; `now` in milliseconds. */
export function taskView(task: Task, { account, mayWork }: { readonly account: string; readonly mayWork: boolean }, now: number) {
  const { history = [], raisedAt, settledAt, settledBy, note } = task;
  const row = taskRow(task, now);
  const isOpen = settledAt === undefined;
  const isOwn = row.holder?.by === account;
  return {
    ...row,
    isOpen,
    isOwn,
    mayTake: mayWork && isOpen && (row.holder === undefined || isOwn),
    history: [
      ...(settledAt === undefined ? [] : [{ at: settledAt, by: settledBy?.replace(/^office:/, ''), what: `办结：${note}` }]),
      ...history.toReversed().map(({ at, by, what }) => ({ at, by, what: steps[what] })),
      { at: raisedAt, by: '系统', what: '提出' },
    ],
  };
}
