import type { Decider } from '../event-store/decider.js';
import type { OfficeEvent, TaskTerms } from './office.events.js';
import { refused } from './office.refusals.js';

/** How long a task that was taken is kept for who has taken it, in milliseconds. */
const LEASE = 30 * 60_000;

interface Task {
  readonly state: 'none' | 'open' | 'settled';
  /** Who has taken it, and until when (ISO 8601, UTC): afterwards anybody may. */
  readonly holder?: { readonly by: string; readonly until: string } | undefined;
}

export const task: Decider<Task, OfficeEvent> = {
  initial: () => ({ state: 'none' }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'TaskRaised':
        return { state: 'open' };
      case 'TaskTaken':
        return { ...state, holder: { by: data.by, until: data.until } };
      case 'TaskGivenBack':
        return { ...state, holder: undefined };
      case 'TaskSettled':
        return { state: 'settled' };
    }
  },
};

/** An officer at work on a task; `at` in ISO 8601, UTC. */
interface AtWork {
  readonly task: string;
  readonly by: string;
  readonly at: string;
}

/** Raises a task once: a repeat records nothing, also after it was settled. */
export function raiseTask({ state }: Task, terms: TaskTerms): OfficeEvent[] {
  return state === 'none' ? [{ type: 'TaskRaised', data: terms }] : [];
}

/** Keeps a task for an officer for half an hour; taken again by its holder, for half an hour from then. @throws Refusal task.unknown, task.settled, task.held */
export function takeTask(state: Task, { task: id, by, at }: AtWork): OfficeEvent[] {
  assertKnown(state, id);
  if (state.state === 'settled') throw refused('task.settled');
  assertNotHeldByAnother(state, by, at);
  return [{ type: 'TaskTaken', data: { task: id, by, until: new Date(Date.parse(at) + LEASE).toISOString() } }];
}

/** Nothing where somebody else or nobody has it. @throws Refusal task.unknown */
export function giveTaskBack(state: Task, { task: id, by }: Omit<AtWork, 'at'>): OfficeEvent[] {
  assertKnown(state, id);
  return state.holder?.by === by ? [{ type: 'TaskGivenBack', data: { task: id, by } }] : [];
}

/**
 * Nothing where it was settled before.
 * @param by nobody where what the task was raised for is gone, which no lease holds up
 * @throws Refusal task.unknown, task.held
 */
export function settleTask(
  state: Task,
  { task: id, by, at, note }: Omit<AtWork, 'by'> & { readonly by?: string | undefined; readonly note: string },
): OfficeEvent[] {
  assertKnown(state, id);
  if (state.state === 'settled') return [];
  if (by !== undefined) assertNotHeldByAnother(state, by, at);
  return [{ type: 'TaskSettled', data: { task: id, note } }];
}

function assertKnown({ state }: Task, id: string): void {
  if (state === 'none') throw refused('task.unknown', { task: id });
}

function assertNotHeldByAnother({ holder }: Task, by: string, at: string): void {
  if (holder && holder.by !== by && holder.until > at) throw refused('task.held', holder);
}
