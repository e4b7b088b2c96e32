import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { dictionary, projection } from '../src/read-models/projection.js';

/** The fees of one kind: amount in fen by the period from which it applies. */
export interface Fees {
  readonly [fromPeriod: string]: number;
}

export const fees = projection<Fees, CatalogueEvent, Map<string, number>>({
  name: 'fees',
  version: 1,
  earlierFingerprints: ['497e5b8ff991679f'],
  key: ({ data }) => ('kind' in data ? data.kind : undefined),
  empty: {},
  instants: [],
  money: ['*'],
  maps: { '': { list: 'fees', keys: ['fromPeriod'], value: 'fen' } },
  state: dictionary(),
  on: {
    FeeSet: (all, { data: { fromPeriod, fen } }) => all.set(fromPeriod, fen),
  },
});
