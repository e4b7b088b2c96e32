import { expect } from '@jest/globals';
import { type Decider, evolved } from '../src/event-store/decider.js';
import type { Event } from '../src/event-store/event.js';
import { Refusal } from '../src/event-store/refusal.js';

/** The outcome of a decision: events, or a refusal. One of the two methods ends the sentence. */
interface Outcome<E extends Event> {
  /** Exactly these events in this order; `then([])` for none. */
  then(events: readonly E[]): void;
  /** A refusal with this code and exactly these values. */
  refuses(code: string, values?: Refusal['values']): void;
}

/** A rule as a sentence: `given(decider, events).when((state) => decision).then(events)` or `.refuses(code, values)`. */
export function given<State, E extends Event>(decider: Decider<State, E>, events: readonly NoInfer<E>[]) {
  return {
    when(decide: (state: State) => readonly NoInfer<E>[]): Outcome<E> {
      const decision = () => decide(evolved<State, E>(decider, events));
      return {
        then(expected) {
          const decided = decision();
          expect(decided).toEqual(expected);
        },
        refuses(code, values = {}) {
          const refusal = refusalOf(decision);
          expect({ code: refusal.code, values: refusal.values }).toEqual({ code, values });
        },
      };
    },
  };
}

function refusalOf(decision: () => readonly Event[]): Refusal {
  let decided: readonly Event[];
  try {
    decided = decision();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`not refused, but decided: ${JSON.stringify(decided)}`);
}
