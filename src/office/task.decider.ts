import type { Decider } from '../event-store/decider.js';
import type { OfficeEvent, TaskTerms } from './office.events.js';
import { refused } from './office.refusals.js';

type Task = 'none' | 'open' | 'settled';

export const task: Decider<Task, OfficeEvent> = {
  initial: () => 'none',
  evolve(_, { type }) {
    switch (type) {
      case 'TaskRaised':
        return 'open';
      case 'TaskSettled':
        return 'settled';
    }
  },
};

/** Raises a task once: a repeat records nothing, also after it was settled. */
export function raiseTask(state: Task, terms: TaskTerms): OfficeEvent[] {
  return state === 'none' ? [{ type: 'TaskRaised', data: terms }] : [];
}

/** @throws Refusal task.unknown */
export function settleTask(state: Task, id: string, note: string): OfficeEvent[] {
  if (state === 'none') throw refused('task.unknown', { task: id });
  return state === 'open' ? [{ type: 'TaskSettled', data: { task: id, note } }] : [];
}
