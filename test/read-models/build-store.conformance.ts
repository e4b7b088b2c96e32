import { afterEach, beforeEach, describe } from '@jest/globals';
import type { BuildStore } from '../../src/read-models/build-store.js';
import type { ProjectionStore, ReadModels } from '../../src/read-models/read-models.js';
import { comparesBuilds } from './comparing.conformance.js';
import { dropsBuilds } from './dropping.conformance.js';
import { fillsBuilds } from './filling.conformance.js';
import { again, counts, type OpenedBuilds, texts } from './opened-builds.js';
import { keepsARegistry } from './registry.conformance.js';

/** One place of builds under test: each opening is as if by a process of its own. */
export interface BuildStoreUnderTest {
  openBuilds(): Promise<BuildStore>;
  openStore(): Promise<ProjectionStore>;
  openReadModels(): Promise<ReadModels>;
  drop(): Promise<void>;
}

export function holdsWhatABuildStorePromises(name: string, made: () => Promise<BuildStoreUnderTest>): void {
  describe(name, () => {
    let place: BuildStoreUnderTest;
    let opened: OpenedBuilds;

    beforeEach(async () => {
      place = await made();
      opened = { builds: await place.openBuilds(), others: await place.openBuilds(), store: await place.openStore(), readModels: await place.openReadModels() };
      for (const projection of [texts, counts, again]) await opened.builds.prepare(projection);
    });
    afterEach(async () => {
      for (const each of Object.values(opened)) await each.close();
      await place.drop();
    });

    fillsBuilds(() => opened);
    comparesBuilds(() => opened);
    dropsBuilds(() => opened);
    keepsARegistry(() => opened);
  });
}
