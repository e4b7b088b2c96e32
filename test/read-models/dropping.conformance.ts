import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import type { BuildStore } from '../../src/read-models/build-store.js';
import { nameOf } from '../../src/read-models/projection.js';
import { type Lease, LeaseLost } from '../../src/read-models/read-models.js';
import { again, counts, fill, first, type OpenedBuilds, second, texts, third } from './opened-builds.js';

async function keysOf(builds: BuildStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of builds.keys(again)) keys.push(...page);
  return keys;
}

/** What is left when a build is given up, or set back. */
export function dropsBuilds(opened: () => OpenedBuilds): void {
  describe('A dropped build', () => {
    it('A dropped build leaves nothing behind, and leaves other builds unchanged', async () => {
      const { builds, store } = opened();
      for (const projection of [counts, again]) {
        await fill(builds, projection, { zhang: { count: 1 } });
        await builds.fill(projection, new Map(), [{ key: 'zhang', position: second, error: 'no' }]);
        await builds.complete(projection, { position: first });
      }
      expect(await keysOf(builds)).toEqual(['zhang']);
      expect(await builds.storedBuilds()).toEqual(expect.arrayContaining([nameOf(counts), nameOf(again)]));
      await builds.drop(again);
      expect(await builds.storedBuilds()).not.toContain(nameOf(again));
      expect(await keysOf(builds)).toEqual([]);
      const left = async () => [await builds.count(again), await builds.scan(again, undefined, 10), (await store.quarantined(again)).size];
      expect(await left()).toEqual([0, [], 0]);
      expect(await store.checkpoints([counts, again])).toEqual([{ position: first }, { position: START }]);
      expect([await builds.count(counts), (await store.quarantined(counts)).size]).toEqual([1, 1]);
      await builds.drop(again);
      expect(await left()).toEqual([0, [], 0]);
    });

    it('A dropped build may never have existed', async () => {
      const { others, store } = opened();
      await others.drop({ ...counts, name: 'never-prepared' });
      expect(await store.checkpoints([counts])).toEqual([{ position: START }]);
    });

    it('A dropped build has no place for its documents any more', async () => {
      const { builds, others, readModels } = opened();
      for (const projection of [counts, again]) await fill(builds, projection, { zhang: { count: 1 } });
      expect(await readModels.withoutPlace([counts, again])).toEqual([]);
      await others.drop(again);
      expect(await readModels.withoutPlace([counts, again])).toEqual([again]);
    });

    it('A dropped build gives no keys, and before that some in a row, or all that there are', async () => {
      const { builds, others } = opened();
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await fill(builds, again, Object.fromEntries(keys.map((key) => [key, { count: 1 }])));
      const some = await builds.someKeys(again, 3);
      expect(keys.join('')).toContain(some.join(''));
      expect([some.length, await builds.someKeys(again, 9), await builds.unreadable(again)]).toEqual([3, keys, []]);
      await others.drop(again);
      expect(await builds.someKeys(again, 3)).toEqual([]);
    });

    it('A dropped build is compared as a build without documents', async () => {
      const { builds, others } = opened();
      for (const projection of [counts, again]) await fill(builds, projection, { zhang: { count: 1 } });
      await others.drop(again);
      const { pairs, looked } = await builds.unequal(counts, again, undefined);
      expect([pairs.map(({ key, other }) => [key, other]), looked]).toEqual([[['zhang', undefined]], 1]);
    });

    it('A dropped build can be created again under its name by an open store, also with other indexes', async () => {
      const { builds, others, store } = opened();
      await fill(builds, texts, { zhang: { texts: ['a'] } });
      await others.drop(texts);
      await builds.prepare(texts);
      await fill(builds, texts, { zhang: { texts: ['b'] } });
      expect(await builds.scan(texts, undefined, 10)).toMatchObject([{ key: 'zhang', position: first, document: { texts: ['b'] } }]);
      await builds.drop(texts);
      const otherwise = { ...texts, indexes: { first: () => 'one' } };
      await others.prepare(otherwise);
      await fill(others, otherwise, { zhang: { texts: ['c'] } });
      expect(await store.load(otherwise, ['zhang'])).toEqual(new Map([['zhang', { position: first, document: { texts: ['c'] } }]]));
    });

    it('A dropped build can be created again by a running projector', async () => {
      const { builds, store } = opened();
      const batch = (position: string) => ({
        projection: counts,
        documents: new Map([['zhang', { position, document: { count: 1 } }]]),
        quarantined: [],
        checkpoint: { position },
      });
      await store.prepare([counts]);
      const lease = (await store.lease('one')) as Lease;
      await store.write(lease, [batch(second)]);
      await builds.drop(counts);
      await store.prepare([counts]);
      await store.write(lease, [batch(first)]);
      expect(await builds.scan(counts, undefined, 10)).toEqual([{ key: 'zhang', position: first, document: { count: 1 } }]);
      expect(await store.checkpoints([counts])).toEqual([{ position: first }]);
    });
  });

  describe('A build', () => {
    it('A store of read models knows whether places and checkpoints are as it left them', async () => {
      const { builds, store } = opened();
      for (const projection of [counts, texts]) await builds.complete(projection, { position: second });
      await store.checkpoints([counts, texts]);
      expect(await store.isAsLeft([counts, texts])).toBe(true);
      await builds.complete(texts, { position: first });
      expect(await store.isAsLeft([counts, texts])).toBe(false);
      expect(await store.isAsLeft([counts])).toBe(true);
      await builds.drop(counts);
      await store.checkpoints([counts]);
      expect(await store.isAsLeft([counts])).toBe(false);
      expect((await store.load(counts, ['zhang'])).size).toBe(0);
      expect(await builds.inspect(counts)).toMatchObject({ place: 'missing' });
    });

    it('A build whose checkpoint was set back is not written on by the projector that left it further on', async () => {
      const { builds, store } = opened();
      const lease = (await store.lease('one')) as Lease;
      const upTo = (position: string) => [{ projection: counts, documents: new Map(), quarantined: [], checkpoint: { position } }];
      await store.prepare([counts]);
      await store.checkpoints([counts]);
      await store.write(lease, upTo(second));
      await builds.complete(counts, { position: first });
      await expect(store.write(lease, upTo(third))).rejects.toThrow(LeaseLost);
      expect(await store.checkpoints([counts])).toEqual([{ position: first }]);
      await store.write(lease, upTo(third));
      expect(await store.checkpoints([counts])).toEqual([{ position: third }]);
    });
  });
}
