import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { START } from '../../src/event-store/event.js';
import { cursorOf, UnreadableCursor } from '../../src/read-models/cursor.js';
import { waitFor } from '../../src/read-models/own-write.js';
import type { Projection } from '../../src/read-models/projection.js';
import { LEASE_PATIENCE, type Lease, LeaseLost, type ProjectedBatch, type ProjectionStore, type ReadModels } from '../../src/read-models/read-models.js';
import { countsByTarget, textsBySubject } from './counting.js';
import { keysOfEveryCharacter } from './keys.js';

/** One place of read models under test: each opening is as if by a process of its own. */
export interface ReadModelsUnderTest {
  /** @param clock the process's monotonic clock, in milliseconds */
  openStore(clock?: () => number): Promise<ProjectionStore>;
  openReadModels(): Promise<ReadModels>;
  drop(): Promise<void>;
}

const [first, second, third] = ['00000001', '00000002', '00000003'] as const;

export function holdsWhatReadModelsPromise(name: string, made: () => Promise<ReadModelsUnderTest>): void {
  describe(name, () => {
    let place: ReadModelsUnderTest;
    let store: ProjectionStore;
    let readModels: ReadModels;
    let lease: Lease;

    beforeEach(async () => {
      place = await made();
      store = await place.openStore();
      readModels = await place.openReadModels();
      await store.prepare([textsBySubject, countsByTarget]);
      lease = (await store.lease('one')) as Lease;
    });
    afterEach(async () => {
      await readModels.close();
      await store.close();
      await place.drop();
    });

    const texts = (documents: Record<string, object | null>, position: string = first): ProjectedBatch => batchOf(textsBySubject, documents, position);

    describe('documents', () => {
      it('are the empty one of their read model where there is none', async () => {
        expect(await readModels.get(textsBySubject, 'nobody')).toEqual({ texts: [] });
      });

      it('are empty for a page that comes before the first projector', async () => {
        const early = { ...textsBySubject, name: 'never-prepared' };
        expect(await readModels.get(early, 'zhang')).toEqual({ texts: [] });
        expect(await readModels.position([early])).toBe(START);
      });

      it('are read as they were written, by key', async () => {
        await store.write(lease, [texts({ zhang: { texts: ['考'] }, li: { texts: [] } })]);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['考'] });
        expect(await store.load(textsBySubject, ['zhang', 'nobody'])).toEqual(new Map([['zhang', { position: first, document: { texts: ['考'] } }]]));
      });

      it('are of one read model and one version', async () => {
        const newer = { ...textsBySubject, version: 2 };
        await store.prepare([newer]);
        await store.write(lease, [texts({ zhang: { texts: ['old'] } })]);
        expect(await readModels.get(newer, 'zhang')).toEqual({ texts: [] });
        expect(await readModels.get(countsByTarget, 'zhang')).toEqual({ count: 0 });
      });

      it('that are removed read as empty, and the position of their end is remembered', async () => {
        await store.write(lease, [texts({ zhang: { texts: ['a'], due: '1' } })]);
        await store.write(lease, [texts({ zhang: null }, second)]);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
        expect(await readModels.list(textsBySubject, 'due', undefined, 10)).toEqual([]);
        expect((await readModels.all(textsBySubject)).documents.size).toBe(0);
        expect((await store.load(textsBySubject, ['zhang'])).get('zhang')).toEqual({ position: second, document: null });
      });

      it('that have seen more than what is written stay as they are', async () => {
        await store.write(lease, [texts({ zhang: { texts: ['a', 'b'] } }, second)]);
        await store.write(lease, [texts({ zhang: { texts: ['a'] } }, first)]);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['a', 'b'] });
      });

      it('can have any well-formed text as their key', async () => {
        const odd = ['', '/', "'; DROP TABLE x; --", '"', '%', 'a\u0000', 'a\u0000b', '__proto__', '东城', '😀', ' a', 'a ', 'A', 'a'];
        const anyKey = fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key.isWellFormed());
        let position = 10_000_000;
        const isKept = async (keys: readonly string[]) => {
          const documents = new Map(keys.map((key) => [key, { position: String(++position), document: { texts: [`of ${key}`] } }]));
          await store.write(lease, [{ ...texts({}), documents }]);
          expect(await store.load(textsBySubject, keys)).toEqual(documents);
          for (const key of keys) expect(await readModels.get(textsBySubject, key)).toEqual({ texts: [`of ${key}`] });
        };
        await isKept(odd);
        await fc.assert(fc.asyncProperty(fc.uniqueArray(anyKey, { minLength: 1, maxLength: 10 }), isKept), { numRuns: 30 });
      });

      it('can have every character of Unicode in their keys', async () => {
        const documents = new Map(keysOfEveryCharacter().map((key, at) => [key, { position: first, document: { count: at } }]));
        await store.write(lease, [{ ...batchOf(countsByTarget, {}, first), documents }]);
        expect(await store.load(countsByTarget, [...documents.keys()])).toEqual(documents);
        for (const [key, { document }] of documents) expect(await readModels.get(countsByTarget, key)).toEqual(document);
      });

      it('are just the JSON that was projected, whatever stands in it', async () => {
        const anyDocument = fc.object({
          key: fc.constantFrom('a', '.', 'a.b', '$set', '', '\u0000', '__proto__', '\ud800', '2', '1'),
          values: [fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.date(), fc.constant(undefined), fc.constant('\ud800')],
        });
        let position = 10_000_000;
        await fc.assert(
          fc.asyncProperty(anyDocument, async (document) => {
            await store.write(lease, [{ ...batchOf(countsByTarget, {}, first), documents: new Map([['one', { position: String(++position), document }]]) }]);
            expect(JSON.stringify(await readModels.get<unknown>(countsByTarget, 'one'))).toBe(JSON.stringify(document));
          }),
          { numRuns: 100 },
        );
      });

      it('can be large', async () => {
        const large = { texts: Array.from({ length: 10_000 }, (_, at) => `${at} ${'大'.repeat(33)}`) };
        expect(Buffer.byteLength(JSON.stringify(large))).toBeGreaterThan(1_000_000);
        await store.write(lease, [texts({ zhang: large, li: large })]);
        await store.write(lease, [texts({ zhang: { ...large, due: '1' } }, second)]);
        expect(await readModels.get(textsBySubject, 'li')).toEqual(large);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ ...large, due: '1' });
      });
    });

    describe('lists', () => {
      beforeEach(async () => {
        const documents = {
          a: { texts: [], due: '2026-02' },
          b: { texts: ['甲'], due: '2026-01' },
          c: { texts: ['乙'] },
          d: { texts: ['甲'], due: '2026-02' },
        };
        await store.write(lease, [texts(documents)]);
      });

      it('go by the index, and by key where it says the same', async () => {
        const listed = await readModels.list(textsBySubject, 'due', undefined, 10);
        expect(listed.map(({ key }) => key)).toEqual(['b', 'a', 'd']);
        expect(listed[0]?.document).toEqual({ texts: ['甲'], due: '2026-01' });
        expect((await readModels.list(textsBySubject, 'first', undefined, 10)).map(({ key }) => key)).toEqual(['c', 'b', 'd']);
      });

      it('go on where the page before ended', async () => {
        const keys: string[] = [];
        let after: string | undefined;
        do {
          const [listed] = await readModels.list(textsBySubject, 'due', after, 1);
          if (listed) keys.push(listed.key);
          after = listed?.cursor;
        } while (after !== undefined);
        expect(keys).toEqual(['b', 'a', 'd']);
      });

      it('follow the documents', async () => {
        await store.write(lease, [texts({ a: { texts: [], due: '2025-12' }, b: { texts: [] }, d: null }, second)]);
        expect((await readModels.list(textsBySubject, 'due', undefined, 10)).map(({ key }) => key)).toEqual(['a']);
      });

      it('refuse an index that is not declared, a page of nothing, and a cursor of somebody else', async () => {
        await expect(readModels.list(textsBySubject, 'name', undefined, 10)).rejects.toThrow('declares no index name');
        await expect(readModels.list(textsBySubject, 'toString', undefined, 10)).rejects.toThrow('declares no index');
        for (const limit of [0, -1, 1.5, Number.NaN]) await expect(readModels.list(textsBySubject, 'due', undefined, limit)).rejects.toThrow(RangeError);
        for (const cursor of ['', 'x', '../..', cursorOf(['a', 'b']).slice(0, -4), btoa('[1,2]'), btoa('["a","b","c"]')]) {
          await expect(readModels.list(textsBySubject, 'due', cursor, 1)).rejects.toThrow(UnreadableCursor);
        }
      });

      it('are part of a version: other indexes need a higher one', async () => {
        const other = { ...textsBySubject, indexes: { text: () => 'x' } } as Projection;
        const anew = await place.openStore();
        await expect(anew.prepare([other])).rejects.toThrow('raise its version');
        await anew.close();
      });
    });

    describe('checkpoints', () => {
      it('begin at the start of the log', async () => {
        expect(await store.checkpoints([textsBySubject])).toEqual([{ position: START }]);
        expect(await readModels.position([textsBySubject])).toBe(START);
        expect(await readModels.position([])).toBe(START);
      });

      it('are kept with the id of their event, in the order that is asked for', async () => {
        await store.write(lease, [{ ...texts({}), checkpoint: { position: second, eventId: 'e2' } }, batchOf(countsByTarget, {}, first)]);
        expect(await store.checkpoints([countsByTarget, textsBySubject])).toEqual([{ position: first }, { position: second, eventId: 'e2' }]);
      });

      it('tell how far read models have come together', async () => {
        await store.write(lease, [batchOf(countsByTarget, {}, third), texts({}, second)]);
        expect(await readModels.position([countsByTarget])).toBe(third);
        expect(await readModels.position([countsByTarget, textsBySubject])).toBe(second);
        expect(await readModels.position([countsByTarget, { ...textsBySubject, version: 9 }])).toBe(START);
      });

      it('are written with the documents or not at all', async () => {
        const unwritable = { ...batchOf(countsByTarget, {}, first), documents: new Map([['x', { position: first, document: { count: 1n } }]]) };
        await expect(store.write(lease, [texts({ zhang: { texts: ['a'] } }), unwritable])).rejects.toThrow('BigInt');
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
        expect(await readModels.position([textsBySubject])).toBe(START);
      });

      it('are what a page waits for that shows what its reader has just done', async () => {
        await store.write(lease, [texts({}, first)]);
        expect(await waitFor(readModels, [textsBySubject], first, 0)).toBe(true);
        expect(await waitFor(readModels, [textsBySubject], second, 1)).toBe(false);
        const waited = waitFor(readModels, [textsBySubject], second, 30_000);
        await store.write(lease, [texts({}, second)]);
        expect(await waited).toBe(true);
        expect(await waitFor(readModels, [], third, 0)).toBe(true);
      });
    });

    it('gives all documents with the position that they have seen together, and those in quarantine', async () => {
      await store.write(lease, [
        { ...texts({ zhang: { texts: ['a'] }, li: { texts: [] } }, second), quarantined: [{ key: 'li', position: second, error: 'no' }] },
      ]);
      expect(await readModels.all(textsBySubject)).toEqual({
        position: second,
        documents: new Map([
          ['zhang', { texts: ['a'] }],
          ['li', { texts: [] }],
        ]),
        quarantined: new Set(['li']),
      });
    });

    it('keeps the first event that a document could not take, and no other', async () => {
      await store.write(lease, [{ ...texts({}), quarantined: [{ key: 'zhang', position: first, error: 'the first' }] }]);
      await store.write(lease, [{ ...texts({}, second), quarantined: [{ key: 'zhang', position: second, error: 'the second' }] }]);
      expect(await store.quarantined(textsBySubject)).toEqual(new Map([['zhang', { key: 'zhang', position: first, error: 'the first' }]]));
      expect((await store.quarantined(countsByTarget)).size).toBe(0);
    });

    describe('the lease', () => {
      it('is kept by its holder, whatever the time', async () => {
        expect(await store.lease('one')).toEqual(lease);
        expect(await store.lease('one')).toEqual(lease);
      });

      it('is refused to others while its holder beats', async () => {
        let now = 0;
        const challenger = await place.openStore(() => now);
        for (; now < 3 * LEASE_PATIENCE; now += LEASE_PATIENCE / 2) {
          expect(await challenger.lease('two')).toBeUndefined();
          await store.lease('one');
        }
        await challenger.close();
      });

      it('goes to a challenger that has seen no beat for long enough, with a higher fence', async () => {
        let now = 1_000_000;
        const challenger = await place.openStore(() => now);
        expect(await challenger.lease('two')).toBeUndefined();
        now += LEASE_PATIENCE - 1;
        expect(await challenger.lease('two')).toBeUndefined();
        now += 1;
        const taken = await challenger.lease('two');
        expect(taken?.fence).toBeGreaterThan(lease.fence);
        expect(await store.lease('one')).toBeUndefined();
        await challenger.close();
      });

      it('goes to one of two challengers', async () => {
        let now = 0;
        const challengers = await Promise.all(['two', 'three'].map(async (holder) => ({ holder, store: await place.openStore(() => now) })));
        for (const { holder, store } of challengers) await store.lease(holder);
        now = LEASE_PATIENCE;
        const taken = await Promise.all(challengers.map(({ holder, store }) => store.lease(holder)));
        expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
        for (const { store } of challengers) await store.close();
      });

      it('is free at once when its holder gives it up, and still has a higher fence', async () => {
        const challenger = await place.openStore();
        await challenger.release('two');
        expect(await challenger.lease('two')).toBeUndefined();
        await store.release('one');
        expect((await challenger.lease('two'))?.fence).toBeGreaterThan(lease.fence);
        await challenger.close();
      });

      it('that was lost writes nothing', async () => {
        const challenger = await place.openStore();
        await store.release('one');
        const taken = (await challenger.lease('two')) as Lease;
        await expect(store.write(lease, [texts({ zhang: { texts: ['late'] } })])).rejects.toThrow(LeaseLost);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
        expect(await readModels.position([textsBySubject])).toBe(START);
        await challenger.write(taken, [texts({ zhang: { texts: ['in time'] } })]);
        expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['in time'] });
        await challenger.close();
      });
    });
  });
}

function batchOf(projection: Projection, documents: Record<string, object | null>, position: string): ProjectedBatch {
  return {
    projection,
    documents: new Map(Object.entries(documents).map(([key, document]) => [key, { position, document }])),
    quarantined: [],
    checkpoint: { position },
  };
}
