import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { START } from '../../src/event-store/event.js';
import type { Projection } from '../../src/read-models/projection.js';
import { countsByTarget, textsBySubject } from './counting.js';
import { keysOfEveryCharacter } from './keys.js';
import { first, second } from './opened-builds.js';
import { batchOf, batchOfTexts, type OpenedReadModels } from './opened-read-models.js';

/** What is written of a document, and what is read of it. */
export function keepsDocuments(opened: () => OpenedReadModels): void {
  describe('Documents', () => {
    it('Documents are the empty document of their read model where none is stored', async () => {
      const { readModels } = opened();
      expect(await readModels.get(textsBySubject, 'nobody')).toEqual({ texts: [] });
    });

    it('Documents are empty for a page before the first projector has run', async () => {
      const { readModels } = opened();
      const early = { ...textsBySubject, name: 'never-prepared' };
      expect(await readModels.get(early, 'zhang')).toEqual({ texts: [] });
      expect(await readModels.position([early])).toBe(START);
    });

    it('Documents are read as they were written, by key', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['考'] }, li: { texts: [] } })]);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['考'] });
      expect(await store.load(textsBySubject, ['zhang', 'nobody'])).toEqual(new Map([['zhang', { position: first, document: { texts: ['考'] } }]]));
    });

    it('Documents belong to one read model and one version', async () => {
      const { store, readModels, lease } = opened();
      const newer = { ...textsBySubject, version: 2 };
      await store.prepare([newer]);
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['old'] } })]);
      expect(await readModels.get(newer, 'zhang')).toEqual({ texts: [] });
      expect(await readModels.get(countsByTarget, 'zhang')).toEqual({ count: 0 });
    });

    it('Documents that are removed read as empty, and keep the position of their removal', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['a'], due: '1' } })]);
      await store.write(lease, [batchOfTexts({ zhang: null }, second)]);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
      expect(await readModels.list(textsBySubject, 'due', undefined, 10)).toEqual([]);
      expect((await readModels.all(textsBySubject)).documents.size).toBe(0);
      expect((await store.load(textsBySubject, ['zhang'])).get('zhang')).toEqual({ position: second, document: null });
    });

    it('Documents are not replaced by one of an earlier position', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['a', 'b'] } }, second)]);
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['a'] } }, first)]);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['a', 'b'] });
    });

    it('Documents can have any well-formed text as their key', async () => {
      const { store, readModels, lease } = opened();
      const odd = ['', '/', "'; DROP TABLE x; --", '"', '%', 'a\u0000', 'a\u0000b', '__proto__', '东城', '😀', ' a', 'a ', 'A', 'a'];
      const anyKey = fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key.isWellFormed());
      let position = 10_000_000;
      const isKept = async (keys: readonly string[]) => {
        const documents = new Map(keys.map((key) => [key, { position: String(++position), document: { texts: [`of ${key}`] } }]));
        await store.write(lease, [{ ...batchOfTexts({}), documents }]);
        expect(await store.load(textsBySubject, keys)).toEqual(documents);
        for (const key of keys) expect(await readModels.get(textsBySubject, key)).toEqual({ texts: [`of ${key}`] });
      };
      await isKept(odd);
      await fc.assert(fc.asyncProperty(fc.uniqueArray(anyKey, { minLength: 1, maxLength: 10 }), isKept), { numRuns: 30 });
    });

    it('Documents can have every character of Unicode in their keys', async () => {
      const { store, readModels, lease } = opened();
      const documents = new Map(keysOfEveryCharacter().map((key, at) => [key, { position: first, document: { count: at } }]));
      await store.write(lease, [{ ...batchOf(countsByTarget, {}, first), documents }]);
      expect(await store.load(countsByTarget, [...documents.keys()])).toEqual(documents);
      for (const [key, { document }] of documents) expect(await readModels.get(countsByTarget, key)).toEqual(document);
    });

    it('Documents are returned as the JSON that was projected, whatever it contains, where maps are declared', async () => {
      const { store, readModels, lease } = opened();
      const model: Projection = { ...countsByTarget, name: 'anything', maps: { map: { keys: ['key'], value: 'value' } } } as Projection;
      await store.prepare([model]);
      const name = fc.constantFrom('a', 'b', 'aB');
      const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.date(), fc.constantFrom(undefined, null, '\ud800'));
      const inner = fc.dictionary(name, fc.oneof(leaf, fc.array(leaf)));
      const anyValue = fc.dictionary(name, fc.oneof(leaf, inner, fc.array(inner)));
      const anyKey = fc.constantFrom('a', '.', 'a.b', '$set', '', '\u0000', '__proto__', '\ud800', '2', '1');
      const anyDocument = fc.record({ map: fc.array(fc.tuple(anyKey, anyValue)).map(Object.fromEntries), value: anyValue });
      let position = 10_000_000;
      await fc.assert(
        fc.asyncProperty(anyDocument, async (document) => {
          await store.write(lease, [{ ...batchOf(model, {}, first), documents: new Map([['one', { position: String(++position), document }]]) }]);
          expect(JSON.stringify(await readModels.get(model, 'one'))).toBe(JSON.stringify(document));
        }),
        { numRuns: 100 },
      );
    });

    it('Documents can be large', async () => {
      const { store, readModels, lease } = opened();
      const large = { texts: Array.from({ length: 10_000 }, (_, at) => `${at} ${'大'.repeat(33)}`) };
      expect(Buffer.byteLength(JSON.stringify(large))).toBeGreaterThan(1_000_000);
      await store.write(lease, [batchOfTexts({ zhang: large, li: large })]);
      await store.write(lease, [batchOfTexts({ zhang: { ...large, due: '1' } }, second)]);
      expect(await readModels.get(textsBySubject, 'li')).toEqual(large);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ ...large, due: '1' });
    });
  });
}
