import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tallies } from '../../src/identity/tallies.js';

export interface TalliesPlace {
  /** As one more process has them. */
  open(): Promise<Tallies>;
  drop(): Promise<void>;
}

/** What every implementation of Tallies keeps. */
export function keepsTallies(make: () => TalliesPlace): void {
  describe('tallies', () => {
    let place: TalliesPlace;
    let one: Tallies;
    let other: Tallies;
    beforeEach(async () => {
      place = make();
      one = await place.open();
      other = await place.open();
    });
    afterEach(() => place.drop());

    const count = (tallies: Tallies, key: string, now = 1_000, lasts = 10_000) =>
      tallies.change<{ n: number }, number>(key, now, (before) => {
        const n = (before?.n ?? 0) + 1;
        return { after: { n }, until: now + lasts, answer: n };
      });

    it('are shared by processes, each under its key', async () => {
      expect([await count(one, 'a'), await count(other, 'a'), await count(one, 'b')]).toEqual([1, 2, 1]);
    });

    it('lose no change where several are made at once', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => count(at % 2 ? one : other, 'a')));
      expect(answers.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('are forgotten when their time is over', async () => {
      await count(one, 'a', 1_000, 10);
      expect(await count(other, 'a', 1_009, 10)).toBe(2);
      expect(await count(other, 'a', 1_019, 10)).toBe(1);
    });

    it('are forgotten when told to', async () => {
      await count(one, 'a');
      await other.change('a', 1_000, () => ({ after: undefined, until: 0, answer: undefined }));
      await other.change('a', 1_000, () => ({ after: undefined, until: 0, answer: undefined }));
      expect(await count(one, 'a')).toBe(1);
    });

    it('stay as they were when deciding fails', async () => {
      await count(one, 'a');
      const failing = one.change('a', 1_000, () => {
        throw new Error('no decision');
      });
      await expect(failing).rejects.toThrow('no decision');
      expect(await count(other, 'a')).toBe(2);
    });

    it('are swept out now and then', async () => {
      for (let at = 0; at < 3; at++) await count(one, `gone ${at}`, 1_000, 10);
      await count(one, 'a', 100_000);
      expect(await count(other, 'gone 0', 100_001)).toBe(1);
    });
  });
}
