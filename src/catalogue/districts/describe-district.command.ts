import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { districtStream } from '../catalogue.streams.js';
import type { DistrictOffice } from './district.decider.js';
import { describeDistrict, district } from './district.decider.js';

export class DescribeDistrict extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly district: string,
    readonly office: DistrictOffice,
  ) {
    super();
  }
}

export const DescribeDistrictHandler = handler(DescribeDistrict, {
  stream: ({ district }) => districtStream(district),
  decider: district,
  decide: describeDistrict,
});
