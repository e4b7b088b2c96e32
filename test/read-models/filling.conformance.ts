import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';

import type { Projection } from '../../src/read-models/projection.js';
import type { Lease, StoredDocument } from '../../src/read-models/read-models.js';
import { keysOfEveryCharacter, ODD_KEYS } from './keys.js';
import { again, counts, fill, first, type OpenedBuilds, second, texts, third } from './opened-builds.js';

/** What is written of a build, and how it is read again. */
export function fillsBuilds(opened: () => OpenedBuilds): void {
  const all = (projection: Projection) => opened().builds.scan(projection, undefined, 100_000);
  const counted = (key: string, position: string, count: number): StoredDocument => ({ key, position, document: { count } });

  describe('Documents', () => {
    it('Documents of a build are what a projector and a page read of it', async () => {
      const { builds, store, readModels } = opened();
      await fill(builds, counts, { zhang: { count: 1 } });
      await fill(builds, again, { zhang: { count: 2 } });
      for (const [projection, count] of [[counts, 1] as const, [again, 2] as const]) {
        expect(await all(projection)).toEqual([counted('zhang', first, count)]);
        expect(await store.load(projection, ['zhang', 'li'])).toEqual(new Map([['zhang', { position: first, document: { count } }]]));
        expect(await readModels.get(projection, 'zhang')).toEqual({ count });
      }
    });

    it('Documents are found by their keys with what they are listed under, tombstones too', async () => {
      const { builds } = opened();
      await fill(builds, texts, { zhang: { texts: ['a'] }, li: null, wang: { texts: ['b'] } });
      const found = await builds.find(texts, ['zhang', 'li', 'nobody']);
      expect([...found.keys()].sort()).toEqual(['li', 'zhang']);
      expect(found).toEqual(new Map((await all(texts)).filter(({ key }) => key !== 'wang').map((stored) => [stored.key, stored])));
      expect(found.get('zhang')?.listed).toEqual({ due: null, first: 'a', text: ['a'] });
    });

    it('Documents are replaced by those of a later position only', async () => {
      const { builds } = opened();
      await fill(builds, counts, { zhang: { count: 2 } }, second);
      await fill(builds, counts, { zhang: { count: 1 } }, first);
      expect(await all(counts)).toEqual([counted('zhang', second, 2)]);
      await fill(builds, counts, { zhang: { count: 3 } }, third);
      expect(await all(counts)).toEqual([counted('zhang', third, 3)]);
    });

    it('Documents are not replaced by those of the same position', async () => {
      const { builds } = opened();
      await fill(builds, counts, { zhang: { count: 1 } });
      await fill(builds, counts, { zhang: { count: 9 } });
      expect(await all(counts)).toEqual([counted('zhang', first, 1)]);
    });

    it('Documents of one write are replaced independently of each other', async () => {
      const { builds } = opened();
      await fill(builds, counts, { less: { count: 1 } }, first);
      await fill(builds, counts, { more: { count: 3 } }, third);
      await fill(builds, counts, { less: { count: 2 }, more: { count: 2 }, none: { count: 2 } }, second);
      expect(await all(counts)).toEqual([counted('less', second, 2), counted('more', third, 3), counted('none', second, 2)]);
    });

    it('Documents can be tombstones, which read as none', async () => {
      const { builds, readModels } = opened();
      await fill(builds, counts, { zhang: { count: 1 }, li: null });
      await fill(builds, counts, { zhang: null }, second);
      await fill(builds, counts, { zhang: { count: 1 } }, first);
      expect(await all(counts)).toEqual([
        { key: 'li', position: first, document: null },
        { key: 'zhang', position: second, document: null },
      ]);
      expect(await builds.count(counts)).toBe(0);
      expect(await readModels.get(counts, 'zhang')).toEqual({ count: 0 });
      await fill(builds, counts, { zhang: { count: 5 } }, third);
      expect(await builds.count(counts)).toBe(1);
      expect(await readModels.get(counts, 'zhang')).toEqual({ count: 5 });
    });

    it('Documents are listed by the indexes of their projection, unless they are tombstones', async () => {
      const { builds, readModels } = opened();
      const listed = async () => (await readModels.list(texts, 'due', undefined, 10)).map(({ key }) => key);
      await fill(builds, texts, { zhang: { texts: ['b'], due: '2026-11-02' }, li: { texts: ['a'], due: '2026-11-01' }, wang: { texts: [] }, zhao: null });
      expect(await listed()).toEqual(['li', 'zhang']);
      await fill(builds, texts, { li: null, zhang: { texts: [], due: '2026-10-31' }, wang: { texts: [], due: '2026-11-03' } }, second);
      expect(await listed()).toEqual(['zhang', 'wang']);
    });

    it('Documents are not written at all when one of them is not JSON', async () => {
      await expect(fill(opened().builds, counts, { zhang: { count: 1 }, li: { count: 1n } })).rejects.toThrow('BigInt');
      expect(await all(counts)).toEqual([]);
    });

    it('Documents can be written many at a time, also where some exist already', async () => {
      const { builds } = opened();
      const documents = (from: number, to: number) =>
        Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`candidate ${from + at}`, { count: 1 }]));
      await fill(builds, counts, documents(1_990, 2_010), third);
      await fill(builds, counts, documents(1_980, 1_990), first);
      await fill(builds, counts, documents(0, 6_000), second);
      const byPosition = Map.groupBy(await all(counts), ({ position }) => position);
      expect(Array.from(byPosition, ([position, { length }]) => [position, length]).toSorted()).toEqual([
        [second, 5_980],
        [third, 20],
      ]);
      expect(await builds.count(counts)).toBe(6_000);
    });
  });

  describe('A scan', () => {
    it('A scan returns every document once, in pages of any size', async () => {
      const keys = [...keysOfEveryCharacter(), ...ODD_KEYS].filter((key, at, those) => those.indexOf(key) === at);
      const stored = new Map(keys.map((key, at) => [key, { position: first, document: at % 7 === 0 ? null : { count: at } }]));
      const { builds } = opened();
      await builds.fill(counts, stored, []);
      const whole = await all(counts);
      expect(new Map(whole.map(({ key, ...rest }) => [key, rest]))).toEqual(stored);
      for (const limit of [50, keys.length, keys.length + 1]) {
        const pages: StoredDocument[] = [];
        for (let page = await builds.scan(counts, undefined, limit); page.length > 0; page = await builds.scan(counts, pages.at(-1)?.key, limit)) {
          expect(page.length).toBeLessThanOrEqual(limit);
          pages.push(...page);
        }
        expect(pages).toEqual(whole);
      }
    });

    it('A scan continues after a key that does not exist, and ends after the last', async () => {
      const { builds } = opened();
      await fill(builds, counts, { a: { count: 1 }, c: { count: 3 } });
      expect(await builds.scan(counts, 'b', 10)).toEqual([counted('c', first, 3)]);
      expect(await builds.scan(counts, 'c', 10)).toEqual([]);
    });

    it('A scan finds nothing in a build that does not exist, and creates nothing', async () => {
      const { builds } = opened();
      const never = { ...texts, name: 'never-prepared' };
      expect(await builds.scan(never, undefined, 10)).toEqual([]);
      expect(await builds.count(never)).toBe(0);
      expect(await builds.unequal(never, { ...never, version: 2 }, undefined)).toEqual({ pairs: [], looked: 0, next: undefined });
      await builds.prepare({ ...never, indexes: {} });
      await builds.prepare({ ...never, version: 2, indexes: {} });
    });
  });

  describe('A build', () => {
    it('A build can be examined without reading its documents: whether it exists with its indexes, and how many documents it has', async () => {
      const { builds } = opened();
      await builds.prepare(counts); // once more: its place is there
      expect(await builds.inspect(counts)).toMatchObject({ place: 'whole', missingIndexes: [], stored: 0 });
      await fill(builds, texts, { zhang: { texts: ['a'] }, li: null });
      expect(await builds.inspect(texts)).toMatchObject({ place: 'whole', missingIndexes: [], stored: 2 });
      expect(await builds.inspect({ ...texts, name: 'never-made' })).toMatchObject({ place: 'missing', missingIndexes: ['due', 'first', 'text'], stored: 0 });
      expect(await builds.inspect({ ...texts, indexes: { due: () => undefined } })).toMatchObject({ place: 'other' });
      expect(await builds.inspect({ ...texts, lookups: {} })).toMatchObject({ place: 'other' });
    });

    it('A build with other indexes is not taken for this one', async () => {
      await expect(opened().others.prepare({ ...texts, indexes: { due: () => undefined } })).rejects.toThrow('other indexes');
    });

    it('A build can be created again without losing documents', async () => {
      const { builds, others } = opened();
      await fill(builds, texts, { zhang: { texts: ['a'] } });
      await others.prepare(texts);
      await builds.prepare(texts);
      expect(await builds.count(texts)).toBe(1);
    });

    it('A build has the given position once its documents are written', async () => {
      const { builds, store, readModels } = opened();
      expect(await store.checkpoints([counts, again])).toEqual([{ position: START }, { position: START }]);
      await builds.complete(again, { position: second, eventId: 'e2' });
      expect(await store.checkpoints([counts, again])).toEqual([{ position: START }, { position: second, eventId: 'e2' }]);
      expect(await readModels.position([again])).toBe(second);
      await builds.complete(again, { position: third });
      expect(await store.checkpoints([again])).toEqual([{ position: third }]);
    });

    it('A build is completed without a lease, also while another process takes it', async () => {
      const { builds, others, store } = opened();
      const [lease] = await Promise.all([
        store.lease('one'),
        builds.complete(counts, { position: first }),
        others.complete(again, { position: second }),
        builds.complete(texts, { position: third }),
      ]);
      const positions = (await store.checkpoints([counts, again, texts])).map(({ position }) => position);
      expect(positions).toEqual([first, second, third]);
      const held = lease ?? ((await store.lease('one')) as Lease);
      expect(await store.lease('one')).toEqual(held);
      await builds.complete(counts, { position: second });
      expect(await store.lease('one')).toEqual(held);
      await store.write(held, [{ projection: counts, documents: new Map(), quarantined: [], checkpoint: { position: third } }]);
      expect(await store.checkpoints([counts, again])).toEqual([{ position: third }, { position: second }]);
    });
  });

  describe('Quarantine', () => {
    const spoilt = (key: string, position: string, error = 'no') => ({ key, position, error });

    it('Quarantine keeps the first event that a document of a build could not process', async () => {
      const { builds, store } = opened();
      await builds.fill(counts, new Map(), [spoilt('zhang', first, 'the first'), spoilt('li', second)]);
      await builds.fill(counts, new Map([['zhang', { position: first, document: { count: 1 } }]]), [spoilt('zhang', second, 'the second')]);
      await builds.fill(again, new Map(), [spoilt('zhang', third)]);
      const kept = await store.quarantined(counts);
      expect(kept).toEqual(
        new Map([
          ['zhang', spoilt('zhang', first, 'the first')],
          ['li', spoilt('li', second)],
        ]),
      );
      expect([...(await store.quarantined(again)).keys()]).toEqual(['zhang']);
    });

    it('Quarantine is reported to readers of a build by the key of a document', async () => {
      const { builds, readModels } = opened();
      await builds.fill(counts, new Map(), [spoilt('zhang', first), ...ODD_KEYS.map((key) => spoilt(key, first))]);
      await builds.fill(again, new Map(), [spoilt('li', first)]);
      const told = [await readModels.isQuarantined(counts, 'zhang'), await readModels.isQuarantined(counts, 'li'), await readModels.isQuarantined(again, 'li')];
      expect(told).toEqual([true, false, true]);
      for (const key of ODD_KEYS) expect([key, await readModels.isQuarantined(counts, key)]).toEqual([key, true]);
      await builds.release(counts, 'zhang');
      expect(await readModels.isQuarantined(counts, 'zhang')).toBe(false);
    });

    it('Quarantine can hold many documents, with any key', async () => {
      const { builds, store } = opened();
      const keys = [...ODD_KEYS, ...Array.from({ length: 2_500 }, (_, at) => `candidate ${at}`)];
      await builds.fill(
        counts,
        new Map(),
        keys.map((key) => spoilt(key, first)),
      );
      expect(new Set((await store.quarantined(counts)).keys())).toEqual(new Set(keys));
    });

    it('Quarantine can release one document of one build', async () => {
      const { builds, store } = opened();
      for (const projection of [counts, again]) await builds.fill(projection, new Map(), [spoilt('zhang', first), spoilt('li', first)]);
      await builds.release(counts, 'zhang');
      await builds.release(counts, 'nobody');
      expect([...(await store.quarantined(counts)).keys()]).toEqual(['li']);
      expect((await store.quarantined(again)).size).toBe(2);
    });
  });
}
