import { sittings } from '../projections/sittings.js';
import type { Projection } from '../src/read-models/projection.js';

/** The read model with which a rebuild of a single one is measured. */
export const LARGEST = sittings as Projection;
