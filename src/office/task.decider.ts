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

/** Raised once: the same again, also after it was settled, is nothing new. */
export function raiseTask(state: Task, terms: TaskTerms): OfficeEvent[] {
  return state === 'none' ? [{ type: 'TaskRaised', data: terms }] : [];
}

/** @throws Refusal task.unknown */
export function settleTask(state: Task, of: string, note: string): OfficeEvent[] {
  if (state === 'none') throw refused('task.unknown', { task: of });
  return state === 'open' ? [{ type: 'TaskSettled', data: { task: of, note } }] : [];
}
