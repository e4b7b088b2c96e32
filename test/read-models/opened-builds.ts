import type { BuildStore } from '../../src/read-models/build-store.js';
import { buildOf, type Projection } from '../../src/read-models/projection.js';
import type { ProjectionStore, ReadModels } from '../../src/read-models/read-models.js';
import { countsByTarget, textsBySubject } from './counting.js';

/** What is open of a place of builds during a test. */
export interface OpenedBuilds {
  readonly builds: BuildStore;
  /** Of another process. */
  readonly others: BuildStore;
  readonly store: ProjectionStore;
  readonly readModels: ReadModels;
}

export const [first, second, third] = ['00000001', '00000002', '00000003'] as const;
/** With indexes. */
export const texts = textsBySubject as Projection;
export const counts = countsByTarget as Projection;
/** Made beside the first making of it. */
export const again = buildOf(counts, 2);

/** Writes documents that have all seen the log up to one position. */
export async function fill(builds: BuildStore, projection: Projection, documents: Readonly<Record<string, unknown>>, position: string = first): Promise<void> {
  const stored = new Map(Object.entries(documents).map(([key, document]) => [key, { position, document }]));
  await builds.fill(projection, stored, []);
}
