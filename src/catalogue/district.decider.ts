import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { CatalogueEvent } from './catalogue.events.js';
import type { DescribeDistrict, DistrictOffice } from './describe-district.command.js';

type DistrictEvent = Extract<CatalogueEvent, { type: 'DistrictDescribed' }>;

interface District {
  readonly office?: DistrictOffice;
}

export const district: Decider<District, DistrictEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { office, place, address, phone } }) => ({ office: { office, place, address, phone } }),
};

export function describeDistrict(state: District, command: DescribeDistrict): DistrictEvent[] {
  return same(state.office, command.office) ? [] : [{ type: 'DistrictDescribed', data: { district: command.district, ...command.office } }];
}
