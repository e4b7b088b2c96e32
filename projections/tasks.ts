import type { OfficeEvent, TaskTerms } from '../src/office/office.events.js';
import { projection } from '../src/read-models/projection.js';

/** A task of the office by its id; instants in UTC. */
export interface Task extends TaskTerms {
  readonly raisedAt: string;
  /** Who has taken it, and until when. */
  readonly holder?: { readonly by: string; readonly until: string };
  /** Who took it and gave it back, the latest. */
  readonly history?: readonly TaskStep[];
  readonly settledAt?: string;
  readonly settledBy?: string;
  readonly note?: string;
}

export interface TaskStep {
  readonly at: string;
  readonly by: string;
  readonly what: 'taken' | 'given_back';
}

const MOST_STEPS = 100;

export const tasks = projection<Task, OfficeEvent>({
  name: 'tasks',
  version: 1,
  earlierFingerprints: ['478d0420fb82277c', 'ddbdbf7b96f5c015'],
  key: ({ data }) => data.task,
  empty: { task: '', kind: 'refused_reaction', proposal: 'look', about: {}, raisedAt: '' },
  instants: ['raisedAt', 'settledAt', 'holder.until', 'history.*.at', 'about.paidAt', 'about.at'],
  money: ['about.fen', 'about.ourFen'],
  indexes: { open: ({ raisedAt, settledAt }) => (settledAt === undefined ? raisedAt : undefined) },
  on: {
    TaskRaised: (_, { data, recordedAt }) => ({ ...data, raisedAt: recordedAt }),
    TaskTaken: (doc, { data: { by, until }, recordedAt: at }) => ({ ...withStep(doc, { at, by, what: 'taken' }), holder: { by, until } }),
    TaskGivenBack: ({ holder: _, ...doc }, { data: { by }, recordedAt: at }) => withStep(doc, { at, by, what: 'given_back' }),
    TaskSettled: ({ holder: _, ...doc }, { data: { note }, recordedAt, metadata: { by } }) => ({ ...doc, settledAt: recordedAt, settledBy: by, note }),
  },
});

function withStep(doc: Task, step: TaskStep): Task {
  return { ...doc, history: [...(doc.history ?? []), step].slice(-MOST_STEPS) };
}
