import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../src/read-models/projection.js';
import { encodeCursor, UnreadableCursor } from '../../src/read-models/serving/cursor.js';
import { textsBySubject } from './counting.js';
import { first, second } from './opened-builds.js';
import { batchOfTexts, type OpenedReadModels } from './opened-read-models.js';

/** Documents in the order of an index, a page after the other. */
export function listsDocuments(opened: () => OpenedReadModels): void {
  describe('Lists', () => {
    beforeEach(async () => {
      const { store, lease } = opened();
      const documents = {
        a: { texts: [], due: '2026-02' },
        b: { texts: ['甲'], due: '2026-01' },
        c: { texts: ['乙'] },
        d: { texts: ['甲'], due: '2026-02' },
      };
      await store.write(lease, [batchOfTexts(documents)]);
    });

    it('Lists are ordered by the index, and by key where its values are equal', async () => {
      const { readModels } = opened();
      const listed = await readModels.list(textsBySubject, 'due', undefined, 10);
      expect(listed.map(({ key }) => key)).toEqual(['b', 'a', 'd']);
      expect(listed[0]?.document).toEqual({ texts: ['甲'], due: '2026-01' });
      expect((await readModels.list(textsBySubject, 'first', undefined, 10)).map(({ key }) => key)).toEqual(['c', 'b', 'd']);
    });

    it('Lists continue where the previous page ended', async () => {
      const { readModels } = opened();
      const keys: string[] = [];
      let after: string | undefined;
      do {
        const [listed] = await readModels.list(textsBySubject, 'due', after, 1);
        if (listed) keys.push(listed.key);
        after = listed?.cursor;
      } while (after !== undefined);
      expect(keys).toEqual(['b', 'a', 'd']);
    });

    it('Lists follow the documents', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({ a: { texts: [], due: '2025-12' }, b: { texts: [] }, d: null }, second)]);
      expect((await readModels.list(textsBySubject, 'due', undefined, 10)).map(({ key }) => key)).toEqual(['a']);
    });

    it('Lists refuse an undeclared index, an empty page size and a foreign cursor', async () => {
      const { readModels } = opened();
      await expect(readModels.list(textsBySubject, 'name', undefined, 10)).rejects.toThrow('declares no index name');
      await expect(readModels.list(textsBySubject, 'toString', undefined, 10)).rejects.toThrow('declares no index');
      for (const limit of [0, -1, 1.5, Number.NaN]) await expect(readModels.list(textsBySubject, 'due', undefined, limit)).rejects.toThrow(RangeError);
      for (const cursor of ['', 'x', '../..', encodeCursor(['a', 'b']).slice(0, -4), btoa('[1,2]'), btoa('["a","b","c"]')]) {
        await expect(readModels.list(textsBySubject, 'due', cursor, 1)).rejects.toThrow(UnreadableCursor);
      }
    });

    it('Lists of a lookup contain the documents with a value, ordered by key', async () => {
      const { store, readModels, lease } = opened();
      const found = async (text: string) => (await readModels.lookUp(textsBySubject, 'text', text, undefined, 10)).map(({ key }) => key);
      expect([await found('甲'), await found('乙'), await found('丙')]).toEqual([['b', 'd'], ['c'], []]);
      expect((await readModels.lookUp(textsBySubject, 'text', '乙', undefined, 10))[0]?.document).toEqual({ texts: ['乙'] });
      await store.write(lease, [batchOfTexts({ b: { texts: ['丙', '丙'] }, c: { texts: ['乙', '甲'], due: '1' }, d: null }, second)]);
      expect([await found('甲'), await found('乙'), await found('丙')]).toEqual([['c'], ['c'], ['b']]);
      await store.write(lease, [batchOfTexts({ b: { texts: ['丁'] } }, first)]); // has seen less
      expect([await found('丙'), await found('丁')]).toEqual([['b'], []]);
    });

    it('Lists of a lookup are read page by page', async () => {
      const { readModels } = opened();
      const [one] = await readModels.lookUp(textsBySubject, 'text', '甲', undefined, 1);
      const [next, ...more] = await readModels.lookUp(textsBySubject, 'text', '甲', one?.cursor, 2);
      expect([one?.key, next?.key, more]).toEqual(['b', 'd', []]);
      expect(await readModels.lookUp(textsBySubject, 'text', '甲', next?.cursor, 1)).toEqual([]);
      await expect(readModels.lookUp(textsBySubject, 'text', '甲', 'x', 1)).rejects.toThrow(UnreadableCursor);
      await expect(readModels.lookUp(textsBySubject, 'text', '甲', undefined, 0)).rejects.toThrow(RangeError);
      await expect(readModels.lookUp(textsBySubject, 'due', '1', undefined, 1)).rejects.toThrow('declares no lookup due');
    });

    it('Lists need a higher version when their indexes change', async () => {
      const { place } = opened();
      const other = { ...textsBySubject, indexes: { text: () => 'x' } } as Projection;
      const anew = await place.openStore();
      await expect(anew.prepare([other])).rejects.toThrow('raise its version');
      await expect(anew.prepare([{ ...textsBySubject, lookups: {} } as Projection])).rejects.toThrow('raise its version');
      await anew.close();
    });
  });
}
