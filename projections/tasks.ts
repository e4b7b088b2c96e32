import type { OfficeEvent, TaskTerms } from '../src/office/office.events.js';
import { projection } from '../src/read-models/projection.js';

/** A task of the office by its id; instants in UTC. */
export interface Task extends TaskTerms {
  readonly raisedAt: string;
  readonly settledAt?: string;
  readonly settledBy?: string;
  readonly note?: string;
}

export const tasks = projection<Task, OfficeEvent>({
  name: 'tasks',
  version: 1,
  earlierFingerprints: ['478d0420fb82277c'],
  key: ({ data }) => data.task,
  empty: { task: '', kind: 'refused_reaction', proposal: 'look', about: {}, raisedAt: '' },
  instants: ['raisedAt', 'settledAt', 'about.paidAt', 'about.at'],
  money: ['about.fen', 'about.ourFen'],
  indexes: { open: ({ raisedAt, settledAt }) => (settledAt === undefined ? raisedAt : undefined) },
  on: {
    TaskRaised: (_, { data, recordedAt }) => ({ ...data, raisedAt: recordedAt }),
    TaskSettled: (doc, { data: { note }, recordedAt, metadata: { by } }) => ({ ...doc, settledAt: recordedAt, settledBy: by, note }),
  },
});
