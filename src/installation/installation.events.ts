import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/** `id`: a UUID by which this log is told from all others; `demo`: whether the demo cohort began it. */
export type InstallationEvent = Event<'InstallationMade', { id: string; demo: boolean }>;

export const installationEvents: EventTypes<InstallationEvent> = { InstallationMade: [] };
