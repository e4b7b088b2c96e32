import type { Decider } from '../event-store/decider.js';
import type { Viewing, ViewingEvent } from './office.events.js';

/** Whether it was recorded. */
export const viewing: Decider<boolean, ViewingEvent> = {
  initial: () => false,
  evolve: () => true,
};

export function recordViewing(isRecorded: boolean, what: Viewing): ViewingEvent[] {
  return isRecorded ? [] : [{ type: 'PersonViewed', data: what }];
}
