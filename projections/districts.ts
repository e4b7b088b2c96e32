import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** A district's office 自考办 for site confirmation. */
export interface District {
  readonly office: string;
  readonly place: string;
  readonly address: string;
  readonly phone: string;
}

export const districts = projection<District, CatalogueEvent>({
  name: 'districts',
  version: 1,
  earlierFingerprints: ['df0a8870c781542a'],
  key: ({ data }) => ('district' in data ? data.district : undefined),
  empty: { office: '', place: '', address: '', phone: '' },
  instants: [],
  money: [],
  on: {
    DistrictDescribed: (_, { data: { office, place, address, phone } }) => ({ office, place, address, phone }),
  },
});
