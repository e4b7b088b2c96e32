import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { change, type EntryChanges, RANKS } from '../../../src/identity/throttling/store-changes.js';

/** As one process has them. */
export interface OpenStore {
  run<Answer>(begin: () => EntryChanges<Answer>, now: number): Promise<Answer>;
}

export interface StorePlace {
  /** As one more process has them. */
  open(): Promise<OpenStore>;
  drop(): Promise<void>;
}

/** What every implementation of RateLimitStore keeps. */
export function keepsRateLimits(make: () => StorePlace): void {
  describe('Rate limits', () => {
    let place: StorePlace;
    let one: OpenStore;
    let other: OpenStore;
    beforeEach(async () => {
      place = make();
      one = await place.open();
      other = await place.open();
    });
    afterEach(() => place.drop());

    const counting = (key: string, now: number, lasts: number) =>
      change<{ n: number }, number>(key, (before) => {
        const n = (before?.n ?? 0) + 1;
        return { after: { state: { n }, until: now + lasts, rank: RANKS.pair }, answer: n };
      });
    const count = (store: OpenStore, key: string, now = 1_000, lasts = 10_000) => store.run(() => counting(key, now, lasts), now);

    it('Rate limits are shared by processes, each under its key', async () => {
      expect([await count(one, 'a'), await count(other, 'a'), await count(one, 'b')]).toEqual([1, 2, 1]);
    });

    it('Rate limits lose no change where several are made at once', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => count(at % 2 ? one : other, 'a')));
      expect(answers.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('Rate limits expire', async () => {
      await count(one, 'a', 1_000, 10);
      expect(await count(other, 'a', 1_009, 10)).toBe(2);
      expect(await count(other, 'a', 1_019, 10)).toBe(1);
    });

    it('Rate limits can be deleted', async () => {
      await count(one, 'a');
      for (let times = 0; times < 2; times++) await other.run(() => change('a', () => ({ after: 'nothing', answer: undefined })), 1_000);
      expect(await count(one, 'a')).toBe(1);
    });

    it('Rate limits stay as they were when deciding fails', async () => {
      await count(one, 'a');
      const failing = () =>
        change('a', () => {
          throw new Error('no decision');
        });
      await expect(one.run(failing, 1_000)).rejects.toThrow('no decision');
      expect(await count(other, 'a')).toBe(2);
    });

    it('Rate limits stay as they were when told so', async () => {
      await count(one, 'a');
      expect(await other.run(() => change<{ n: number }, number>('a', (before) => ({ after: 'as it was', answer: before?.n ?? 0 })), 1_000)).toBe(1);
      expect(await count(one, 'a')).toBe(2);
    });

    it('Rate limits are changed one after another, each with the answer of the last', async () => {
      await count(one, 'a');
      const both = function* (): EntryChanges<number> {
        const first = yield* counting('a', 1_000, 10_000);
        return first * 10 + (yield* counting('b', 1_000, 10_000));
      };
      expect(await other.run(both, 1_000)).toBe(21);
    });

    it('Rate limits are swept even if the clock was set back since the last time', async () => {
      await count(one, 'a', 90_000_000);
      await count(one, 'gone', 1_000, 10);
      await count(one, 'b', 70_000);
      expect(await count(other, 'gone', 1_001, 10)).toBe(1);
    });

    it('Rate limits are swept regularly', async () => {
      for (let at = 0; at < 3; at++) await count(one, `gone ${at}`, 1_000, 10);
      await count(one, 'a', 100_000);
      expect(await count(other, 'gone 0', 100_001)).toBe(1);
    });
  });
}
