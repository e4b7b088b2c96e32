import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BuildStore } from '../../src/read-models/build-store.js';
import type { Lease, ProjectionStore } from '../../src/read-models/read-models.js';
import { counts, fill, first, second, third } from './opened-builds.js';
import { batchOf } from './opened-read-models.js';

/** One place of builds under test, and what happens there past all code. */
export interface CountsUnderTest {
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
  /** A document is lost. */
  lose(key: string): Promise<unknown>;
  /** A release that keeps no number stores a document and moves the checkpoint. */
  goOnWithoutCounting(key: string, position: string): Promise<unknown>;
  drop(): Promise<unknown>;
}

/** The number of documents that is kept with a checkpoint. */
export function countsDocuments(made: () => Promise<CountsUnderTest>): void {
  describe('How many documents a build has', () => {
    let at: CountsUnderTest;
    let lease: Lease;
    const kept = async () => (await at.builds.inspect(counts)).kept;
    /** As a projector does. */
    const write = async (documents: Readonly<Record<string, object | null>>, position: string) => {
      await at.store.load(counts, Object.keys(documents));
      await at.store.write(lease, [batchOf(counts, documents, position)]);
    };

    beforeEach(async () => {
      at = await made();
      await at.builds.prepare(counts);
      await at.store.prepare([counts]);
      lease = (await at.store.lease('one')) as Lease;
      await at.store.checkpoints([counts]);
    });
    afterEach(() => at.drop());

    it('How many documents a build has is kept with the checkpoint from the first batch of a projector on, tombstones included', async () => {
      expect(await kept()).toBeUndefined();
      await write({ zhang: { count: 1 }, li: { count: 1 } }, first);
      expect(await kept()).toBe(2);
      await write({ zhang: null, wang: { count: 1 } }, second);
      expect(await at.builds.inspect(counts)).toMatchObject({ stored: 3, kept: 3 });
    });

    it('The number of documents that is kept for a build stays as it was when documents are lost', async () => {
      await write({ zhang: { count: 1 }, li: { count: 1 } }, first);
      await at.lose('li');
      expect(await at.builds.inspect(counts)).toMatchObject({ stored: 1, kept: 2 });
      await write({ zhang: { count: 2 }, wang: { count: 1 } }, second);
      expect(await at.builds.inspect(counts)).toMatchObject({ stored: 2, kept: 3 });
      await at.builds.recount(counts);
      expect(await at.builds.inspect(counts)).toMatchObject({ stored: 2, kept: 2 });
    });

    it('How many documents a build has is kept by a rebuild once it is complete, and while it follows the log', async () => {
      await fill(at.builds, counts, { zhang: { count: 1 }, li: { count: 1 } });
      expect(await kept()).toBeUndefined();
      await at.builds.complete(counts, { position: first });
      expect(await kept()).toBe(2);
      await fill(at.builds, counts, { li: { count: 2 }, wang: { count: 1 } }, second);
      await at.builds.complete(counts, { position: second });
      expect(await at.builds.inspect(counts)).toMatchObject({ stored: 3, kept: 3 });
    });

    it('How many documents a build has is not known where a release that keeps none has gone on, until the next batch counts', async () => {
      await write({ zhang: { count: 1 } }, first);
      await at.goOnWithoutCounting('li', second);
      expect(await kept()).toBeUndefined();
      await at.store.checkpoints([counts]);
      await write({ wang: { count: 1 } }, third);
      expect(await kept()).toBe(3);
      await at.builds.drop(counts);
      expect(await kept()).toBeUndefined();
    });
  });
}
