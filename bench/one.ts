import { sittings } from '../projections/sittings.js';
import type { Projection } from '../src/read-models/projection.js';

/** The read model that is made where one alone is: the largest. */
export const ONE = sittings as Projection;
