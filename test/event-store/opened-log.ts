import type { EventStore } from '../../src/event-store/event-store.js';
import type { EventTypes } from '../../src/event-store/event-types.js';

/** A log that is new and empty, and ways to it. */
export interface OpenedLog {
  readonly store: EventStore;
  /** Closes the store and opens the log again, as after a restart. */
  reopen(): Promise<EventStore>;
  /** A connection of its own to the same log, as another process has it; maybe one of another release. */
  second(types?: EventTypes): Promise<EventStore>;
  /** Closes all of them and removes the log. */
  close(): Promise<void>;
}

/** @param open opens a new log with the event types `testEvents` (test-events.ts) */
export type Open = () => Promise<OpenedLog>;
