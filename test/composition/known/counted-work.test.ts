import { describe, expect, it } from '@jest/globals';
import { CountedWork } from './counted-work.js';

/** Where work is linear, eight times as many events take at most ten times the work. */
const MOST_TIMES = 10;

/** A fold of numbers that is not linear. */
interface Wasteful {
  initial(): unknown;
  evolve(state: never, at: number): unknown;
}

const wasteful: Readonly<Record<string, Wasteful>> = {
  'a Set copied for every event': { initial: () => new Set(), evolve: (state: Set<number>, at) => new Set(state).add(at) },
  'an object spread for every event': { initial: () => ({}), evolve: (state: object, at) => ({ ...state, [`key ${at}`]: at }) },
  'a list copied for every event': { initial: () => [], evolve: (state: number[], at) => [...state, at] },
  'a list searched for every event': { initial: () => [], evolve: (state: number[], at) => (state.includes(at) ? state : state.concat(at)) },
  'a Map searched for every event': {
    initial: () => new Map(),
    evolve: (state: Map<number, number>, at) => ([...state.values()].includes(-1) ? state : state.set(at, at)),
  },
};

describe('Counted work', () => {
  const workOfNumbers = ({ initial, evolve }: Wasteful, count: number) => {
    const work = new CountedWork();
    let state = initial();
    for (let at = 0; at < count; at++) state = evolve(work.watched(state) as never, at);
    return work.count;
  };

  it.each(Object.entries(wasteful))('Counted work grows faster than the number of events for %s', (_, fold) => {
    expect(workOfNumbers(fold, 800) / workOfNumbers(fold, 100)).toBeGreaterThan(MOST_TIMES);
  });

  it('Counted work grows linearly where collections are changed in place', () => {
    const inPlace: Wasteful = {
      initial: () => ({ byKey: new Map(), list: [] }),
      evolve: (state: { byKey: Map<number, number>; list: number[] }, at) => {
        state.byKey.set(at, at);
        state.list.push(at);
        return state;
      },
    };
    expect(workOfNumbers(inPlace, 800) / workOfNumbers(inPlace, 100)).toBeLessThanOrEqual(MOST_TIMES);
  });
});
