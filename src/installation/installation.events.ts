import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/**
 * `id`: a UUID that identifies this log; `demo`: whether the demo cohort created it; `prefix`: of its stream names, in a store that
 * other programs use too.
 */
export type InstallationEvent = Event<'InstallationMade', { id: string; demo: boolean; prefix?: string }>;

export const installationEvents: EventTypes<InstallationEvent> = { InstallationMade: [] };
