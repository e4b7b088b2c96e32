import { describe, expect, it } from '@jest/globals';
import { CountedWork } from './counted-work.js';

/** Where work is linear, eight times as many events take at most ten times the work. */
const MOST_TIMES = 10;

/** Counts the work of folding so many numbers. */
function workOf<State>(initial: () => State, evolve: (state: State, at: number) => State) {
  return (count: number): number => {
    const work = new CountedWork();
    let state = initial();
    for (let at = 0; at < count; at++) state = evolve(work.watched(state), at);
    return work.count;
  };
}

const wasteful = {
  'a Set copied for every event': workOf(
    () => new Set<number>(),
    (state, at) => new Set(state).add(at),
  ),
  'an object spread for every event': workOf<Readonly<Record<string, number>>>(
    () => ({}),
    (state, at) => ({ ...state, [`key ${at}`]: at }),
  ),
  'a list copied for every event': workOf<readonly number[]>(
    () => [],
    (state, at) => [...state, at],
  ),
  'a list searched for every event': workOf<readonly number[]>(
    () => [],
    (state, at) => (state.includes(at) ? state : state.concat(at)),
  ),
  'a Map searched for every event': workOf(
    () => new Map<number, number>(),
    (state, at) => ([...state.values()].includes(-1) ? state : state.set(at, at)),
  ),
};

describe('Counted work', () => {
  it.each(Object.entries(wasteful))('Counted work grows faster than the number of events for %s', (_, work) => {
    expect(work(800) / work(100)).toBeGreaterThan(MOST_TIMES);
  });

  it('Counted work grows linearly where collections are changed in place', () => {
    const work = workOf(
      () => ({ byKey: new Map<number, number>(), list: [] as number[] }),
      (state, at) => {
        state.byKey.set(at, at);
        state.list.push(at);
        return state;
      },
    );
    expect(work(800) / work(100)).toBeLessThanOrEqual(MOST_TIMES);
  });
});
