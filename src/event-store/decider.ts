import type { Event } from './event.js';

/** What a stream's events add up to, for deciding commands on it. Pure: no clock, no I/O. */
export interface Decider<State, E extends Event> {
  readonly initial: State;
  evolve(state: State, event: E): State;
}

/** What every command carries: `id` tells a repeat, `at` is its time (ISO 8601, UTC). */
export interface Given {
  readonly id: string;
  readonly at: string;
  /**
   * True for a command that says what holds (a row of an import) rather than what to do: it may come again after
   * others in between, so a repeat is told by the state and not by its id.
   */
  readonly states?: boolean;
}
