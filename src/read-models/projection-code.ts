import type { Projection } from './projection.js';

/** The projections by which this release makes what pages read, for whoever folds a document afresh. */
export class ProjectionCode {
  constructor(readonly projections: readonly Projection[]) {}
}
