import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** The fees of one kind: amount in fen by the period from which it holds. */
export interface Fees {
  readonly [fromPeriod: string]: number;
}

export const fees = projection<Fees, CatalogueEvent>({
  name: 'fees',
  version: 1,
  key: ({ data }) => ('kind' in data ? data.kind : undefined),
  empty: {},
  on: {
    FeeSet: (doc, { data: { fromPeriod, fen } }) => ({ ...doc, [fromPeriod]: fen }),
  },
});
