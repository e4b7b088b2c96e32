import { change, type EntryChanges, RANKS } from './store-changes.js';

const KEY = 'failed logins of all';
/** Failed logins a second that are normal over the whole installation: a fifth of 200 logins/s, more than on any results day. */
const USUAL_RATE = 40;
/** Failures beyond the usual rate from which passwords are assumed to be under attack. */
const ATTACK = 2_000;

/** Level of a leaky bucket: failures beyond the usual rate, at a time in milliseconds since the epoch. */
export interface FailureLevel {
  readonly level: number;
  readonly at: number;
}

/** Counts failures of all accounts and addresses. */
export function* countFailures(times: number, now: number): EntryChanges<FailureLevel> {
  return yield* change<FailureLevel, FailureLevel>(KEY, (before) => {
    const state = { level: Math.max(0, beyondUsual(before, now) + times), at: now };
    return { after: { state, until: now + 1_000 + (state.level / USUAL_RATE) * 1_000, rank: RANKS.limit }, answer: state };
  });
}

/** The level now: it drains at the usual rate. */
export function beyondUsual(before: FailureLevel | undefined, now: number): number {
  return before ? Math.max(0, before.level - (USUAL_RATE * Math.max(0, now - before.at)) / 1_000) : 0;
}

export function isAttackLevel(level: FailureLevel | undefined, now: number): boolean {
  return beyondUsual(level, now) > ATTACK;
}
