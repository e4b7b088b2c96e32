import { expect, it } from '@jest/globals';
import { changesFor, type RateLimitAnswer, type RateLimitRequest } from '../../../src/identity/throttling/rate-limits.js';
import type { Entry } from '../../../src/identity/throttling/store-changes.js';

const now = Date.parse('2026-11-22T02:00:00.000Z');

/** Entries in memory, as a store keeps them. */
class Entries extends Map<string, Entry<unknown>> {
  run(request: RateLimitRequest): RateLimitAnswer {
    const changes = changesFor(request);
    for (let answer: unknown; ; ) {
      const step = changes.next(answer);
      if (step.done) return step.value;
      const changed = step.value.decide(this.get(step.value.key)?.state);
      if (changed.after === 'nothing') this.delete(step.value.key);
      else if (changed.after !== 'as it was') this.set(step.value.key, changed.after);
      answer = changed.answer;
    }
  }

  reserve(pair: string) {
    const keys = { pair, account: 'account', address: `address of ${pair}`, known: false };
    return this.run({ kind: 'reserve', keys, now, isUnderAttack: false, failures: undefined }).delay;
  }
}

it('A reservation that an earlier release has stored is allowed its attempt, and one of this release is stored in the same way', () => {
  const entries = new Entries();
  for (let stranger = 0; stranger < 40; stranger++) entries.reserve(`stranger ${stranger}`);
  expect(entries.get('stranger 35')?.state).toMatchObject({ hasTurn: true });
  expect(entries.get('stranger 35')?.state).not.toHaveProperty('hasReservation');
  const stored = { count: 0, waitUntil: now, lastAt: now };
  entries.set('without', { state: stored, until: now + 60_000, rank: 1 });
  entries.set('with', { state: { ...stored, hasTurn: true }, until: now + 60_000, rank: 1 });
  expect(entries.reserve('without')).toMatchObject({ by: 'account' });
  expect(entries.reserve('with')).toBeUndefined();
});
