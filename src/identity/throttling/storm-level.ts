import { change, RANKS, type Steps } from './tally-steps.js';

const KEY = 'failed logins of all';
/** Failures that may happen each second over the whole installation: a fifth of 200 logins/s, more than on any results day. */
const USUAL = 40;
/** So many more than usual are a storm. */
const STORM = 2_000;

/** Failures beyond the usual at a moment, in milliseconds since the epoch. */
export interface Level {
  readonly level: number;
  readonly at: number;
}

/** Counts failures of all accounts and addresses. */
export function* countFailures(times: number, now: number): Steps<Level> {
  return yield* change<Level, Level>(KEY, (before) => {
    const state = { level: Math.max(0, beyondUsual(before, now) + times), at: now };
    return { after: { state, until: now + 1_000 + (state.level / USUAL) * 1_000, rank: RANKS.limit }, answer: state };
  });
}

/** Failures beyond the usual, which are forgotten as more than as many could be usual. */
export function beyondUsual(before: Level | undefined, now: number): number {
  return before ? Math.max(0, before.level - (USUAL * Math.max(0, now - before.at)) / 1_000) : 0;
}

export function isStorm(level: Level | undefined, now: number): boolean {
  return beyondUsual(level, now) > STORM;
}
