import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/** `id`: a UUID by which this log is told from all others; `demo`: whether the demo cohort began it;
 * `prefix`: what its streams' names begin with in a store that others use too. */
export type InstallationEvent = Event<'InstallationMade', { id: string; demo: boolean; prefix?: string }>;

export const installationEvents: EventTypes<InstallationEvent> = { InstallationMade: [] };
