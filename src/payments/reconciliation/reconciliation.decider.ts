import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { ReconciliationEvent } from './reconciliation.events.js';

export type Reconciled = ReconciliationEvent['data'];

/** The result of a day's last reconciliation. */
export const reconciliation: Decider<Reconciled | undefined, ReconciliationEvent> = {
  initial: () => undefined,
  evolve(_, { type, data }) {
    switch (type) {
      case 'DayReconciled':
        return data;
    }
  },
};

/** The same result again is not recorded. */
export function recordReconciliation(before: Reconciled | undefined, found: Reconciled): ReconciliationEvent[] {
  return same(before, found) ? [] : [{ type: 'DayReconciled', data: found }];
}
