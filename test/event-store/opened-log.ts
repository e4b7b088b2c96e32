import type { EventStore } from '../../src/event-store/event-store.js';
import type { EventTypes } from '../../src/event-store/event-types.js';

/** A new, empty log, and ways to open it again. */
export interface OpenedLog {
  readonly store: EventStore;
  /** Closes the store and opens the log again, as after a restart. */
  reopen(): Promise<EventStore>;
  /** Opens another connection to the log, as another process would, possibly of another release. */
  second(types?: EventTypes): Promise<EventStore>;
  /** Closes all connections and removes the log. */
  close(): Promise<void>;
}

/** @param open opens a new log with the event types `testEvents` (test-events.ts) */
export type Open = () => Promise<OpenedLog>;
