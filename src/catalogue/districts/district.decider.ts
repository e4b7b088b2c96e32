import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent } from '../catalogue.events.js';

type DistrictEvent = Extract<CatalogueEvent, { type: 'DistrictDescribed' }>;

/** The office 自考办 of a district 考区, and the place of its site confirmations. */
export interface DistrictOffice {
  readonly office: string;
  readonly place: string;
  readonly address: string;
  readonly phone: string;
}

interface District {
  readonly office?: DistrictOffice;
}

export const district: Decider<District, DistrictEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { office, place, address, phone } }) => ({ office: { office, place, address, phone } }),
};

export function describeDistrict(state: District, { district, office }: { readonly district: string; readonly office: DistrictOffice }): DistrictEvent[] {
  return same(state.office, office) ? [] : [{ type: 'DistrictDescribed', data: { district, ...office } }];
}
