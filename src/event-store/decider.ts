import type { Event, Recorded } from './event.js';

/** How the state of a stream follows from its events, for deciding commands. Pure: no clock, no I/O. */
export interface Decider<State, E extends Event> {
  /** Returns a new object each time, because folding changes it. */
  initial(): State;
  /** Returns the state after an event. It may change the given state and its collections in place. */
  evolve(state: State, event: E): State;
}

/** The state after the events. Changes the given state, which must not be used afterwards. */
export function evolved<State, E extends Event>(decider: Decider<State, E>, events: readonly E[], state: State = decider.initial()): State {
  let after = state;
  for (const event of events) after = decider.evolve(after, event);
  return after;
}

/** What every command carries: an `id` by which a repeat is recognised, and its time `at` (ISO 8601, UTC). */
export interface Given {
  readonly id: string;
  readonly at: string;
  /**
   * True when the command states what holds, like a row of an import. The same command may then come again after others, so repeats are
   * recognised by the state and not by the id.
   */
  readonly assertsState?: boolean;
  /**
   * The ids of all commands that state what holds and were given with this one, itself included, each about another part of what its
   * stream is about: then it is not decided again where the stream shows that it holds (`areRecorded`).
   */
  readonly together?: ReadonlySet<string>;
  /** True when the command is refused where it was recorded before and a later event has replaced what it recorded. */
  readonly refusesRevert?: boolean;
  /** Throws a Refusal where the stream's events, as they are when it is decided, say that the command comes too late. Not asked for a repeat. */
  readonly guard?: ((history: readonly Recorded[]) => void) | undefined;
}
