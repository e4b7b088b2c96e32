import type { Projection } from '../../src/read-models/projection.js';
import type { Lease, ProjectedBatch, ProjectionStore, ReadModels } from '../../src/read-models/read-models.js';
import { textsBySubject } from './counting.js';
import { first } from './opened-builds.js';

/** One place of read models under test: each opening is as if by a process of its own. */
export interface ReadModelsUnderTest {
  /** @param clock the process's monotonic clock, in milliseconds */
  openStore(clock?: () => number): Promise<ProjectionStore>;
  openReadModels(): Promise<ReadModels>;
  drop(): Promise<void>;
}

/** What is open of a place of read models during a test. */
export interface OpenedReadModels {
  readonly place: ReadModelsUnderTest;
  readonly store: ProjectionStore;
  readonly readModels: ReadModels;
  /** Of the store, held by `one`. */
  readonly lease: Lease;
}

/** Documents that have all seen the log up to one position, as a projector writes them. */
export function batchOf(projection: Projection, documents: Record<string, object | null>, position: string): ProjectedBatch {
  return {
    projection,
    documents: new Map(Object.entries(documents).map(([key, document]) => [key, { position, document }])),
    quarantined: [],
    checkpoint: { position },
  };
}

export const batchOfTexts = (documents: Record<string, object | null>, position: string = first) => batchOf(textsBySubject, documents, position);
