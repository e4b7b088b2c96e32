import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import { waitForPosition } from '../../src/read-models/serving/wait-for-position.js';
import { countsByTarget, textsBySubject } from './counting.js';
import { first, second, third } from './opened-builds.js';
import { batchOf, batchOfTexts, type OpenedReadModels } from './opened-read-models.js';

/** How far read models have come. */
export function keepsCheckpoints(opened: () => OpenedReadModels): void {
  describe('Checkpoints', () => {
    it('Checkpoints begin at the start of the log', async () => {
      const { store, readModels } = opened();
      expect(await store.checkpoints([textsBySubject])).toEqual([{ position: START }]);
      expect(await readModels.position([textsBySubject])).toBe(START);
      expect(await readModels.position([])).toBe(START);
    });

    it('Checkpoints are stored with the id of their event, and returned in the requested order', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [{ ...batchOfTexts({}), checkpoint: { position: second, eventId: 'e2' } }, batchOf(countsByTarget, {}, first)]);
      expect(await readModels.checkpoint([textsBySubject])).toEqual({ position: second, eventId: 'e2' });
      expect(await readModels.checkpoint([textsBySubject, countsByTarget])).toEqual({ position: first });
      expect(await store.checkpoints([countsByTarget, textsBySubject])).toEqual([{ position: first }, { position: second, eventId: 'e2' }]);
    });

    it('Checkpoints give the lowest position of several read models', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOf(countsByTarget, {}, third), batchOfTexts({}, second)]);
      expect(await readModels.position([countsByTarget])).toBe(third);
      expect(await readModels.position([countsByTarget, textsBySubject])).toBe(second);
      expect(await readModels.position([countsByTarget, { ...textsBySubject, version: 9 }])).toBe(START);
    });

    it('Checkpoints are written together with the documents or not at all', async () => {
      const { store, readModels, lease } = opened();
      const unwritable = { ...batchOf(countsByTarget, {}, first), documents: new Map([['x', { position: first, document: { count: 1n } }]]) };
      await expect(store.write(lease, [batchOfTexts({ zhang: { texts: ['a'] } }), unwritable])).rejects.toThrow('BigInt');
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
      expect(await readModels.position([textsBySubject])).toBe(START);
    });

    it("Checkpoints end the wait of a page for its reader's own write", async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({}, first)]);
      expect(await waitForPosition(readModels, [textsBySubject], first, 0)).toBe(true);
      expect(await waitForPosition(readModels, [textsBySubject], second, 1)).toBe(false);
      const waited = waitForPosition(readModels, [textsBySubject], second, 30_000);
      await store.write(lease, [batchOfTexts({}, second)]);
      expect(await waited).toBe(true);
      expect(await waitForPosition(readModels, [], third, 0)).toBe(true);
    });
  });
}
