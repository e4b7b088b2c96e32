import type { Duties, OfficerEvent } from '../src/office/officers/officers.events.js';
import { projection } from '../src/read-models/projection.js';

/** An account of the office by its name; instants in UTC, `addedBy` as in the event's metadata. Nothing secret is here. */
export interface Officer extends Duties {
  readonly account: string;
  readonly addedAt: string;
  readonly addedBy: string;
  readonly suspended: boolean;
  readonly hasPassword: boolean;
  /** Until when the one-time code sets a password; missing when there is none that is unused. */
  readonly codeUntil?: string | undefined;
}

export const officers = projection<Officer, OfficerEvent>({
  name: 'officers',
  version: 1,
  key: ({ data }) => data.officer,
  empty: { account: '', roles: [], districts: [], addedAt: '', addedBy: '', suspended: false, hasPassword: false },
  instants: ['addedAt', 'codeUntil'],
  money: [],
  indexes: { account: ({ account }) => account },
  on: {
    OfficerAdded: (_, { data: { officer, roles, districts, until }, recordedAt, metadata: { by } }) => ({
      account: officer,
      roles,
      districts,
      addedAt: recordedAt,
      addedBy: by,
      suspended: false,
      hasPassword: false,
      codeUntil: until,
    }),
    OfficerReset: (doc, { data: { until } }) => ({ ...doc, hasPassword: false, codeUntil: until }),
    OfficerPasswordSet: ({ codeUntil: _, ...doc }) => ({ ...doc, hasPassword: true }),
    OfficerSuspended: (doc) => ({ ...doc, suspended: true }),
    OfficerReinstated: (doc) => ({ ...doc, suspended: false }),
  },
});
