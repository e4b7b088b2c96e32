import type { Event } from './event.js';

/** What a stream's events add up to, for deciding commands on it. Pure: no clock, no I/O. */
export interface Decider<State, E extends Event> {
  /** Another one for every fold, which changes it. */
  initial(): State;
  /** The state after an event. The fold owns the state it hands over: collections in it are changed in place, never copied. */
  evolve(state: State, event: E): State;
}

/** The state after events. `state` is changed and must not be used any more. */
export function evolved<State, E extends Event>(decider: Decider<State, E>, events: readonly E[], state: State = decider.initial()): State {
  let after = state;
  for (const event of events) after = decider.evolve(after, event);
  return after;
}

/** What every command carries: `id` tells a repeat, `at` is its time (ISO 8601, UTC). */
export interface Given {
  readonly id: string;
  readonly at: string;
  /**
   * True for a command that says what holds (a row of an import) rather than what to do: it may come again after
   * others in between, so a repeat is told by the state and not by its id.
   */
  readonly assertsState?: boolean;
}
