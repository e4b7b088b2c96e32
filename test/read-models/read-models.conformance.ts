import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Lease } from '../../src/read-models/read-models.js';
import { keepsCheckpoints } from './checkpoints.conformance.js';
import { countsByTarget, textsBySubject } from './counting.js';
import { keepsDocuments } from './documents.conformance.js';
import { writesForOne } from './leasing.conformance.js';
import { listsDocuments } from './lists.conformance.js';
import { first, second } from './opened-builds.js';
import { batchOfTexts, type OpenedReadModels, type ReadModelsUnderTest } from './opened-read-models.js';

export function holdsWhatReadModelsPromise(name: string, made: () => Promise<ReadModelsUnderTest>): void {
  describe(name, () => {
    let opened: OpenedReadModels;

    beforeEach(async () => {
      const place = await made();
      const store = await place.openStore();
      await store.prepare([textsBySubject, countsByTarget]);
      opened = { place, store, readModels: await place.openReadModels(), lease: (await store.lease('one')) as Lease };
    });
    afterEach(async () => {
      const { place, store, readModels } = opened;
      await readModels.close();
      await store.close();
      await place.drop();
    });

    keepsDocuments(() => opened);
    listsDocuments(() => opened);
    keepsCheckpoints(() => opened);
    writesForOne(() => opened);

    it('A store of read models returns all documents with their common position, and those in quarantine', async () => {
      const { store, readModels, lease } = opened;
      await store.write(lease, [
        { ...batchOfTexts({ zhang: { texts: ['a'] }, li: { texts: [] } }, second), quarantined: [{ key: 'li', position: second, error: 'no' }] },
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

    it('A store of read models keeps only the first event that a document could not process', async () => {
      const { store, lease } = opened;
      await store.write(lease, [{ ...batchOfTexts({}), quarantined: [{ key: 'zhang', position: first, error: 'the first' }] }]);
      await store.write(lease, [{ ...batchOfTexts({}, second), quarantined: [{ key: 'zhang', position: second, error: 'the second' }] }]);
      expect(await store.quarantined(textsBySubject)).toEqual(new Map([['zhang', { key: 'zhang', position: first, error: 'the first' }]]));
      expect((await store.quarantined(countsByTarget)).size).toBe(0);
    });
  });
}
