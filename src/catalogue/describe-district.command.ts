import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { districtStream } from './catalogue.streams.js';
import { describeDistrict, district } from './district.decider.js';

/** The office 自考办 of a district 考区, and the place of its site confirmations. */
export interface DistrictOffice {
  readonly office: string;
  readonly place: string;
  readonly address: string;
  readonly phone: string;
}

export class DescribeDistrict extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly district: string,
    readonly office: DistrictOffice,
  ) {
    super();
  }
}

@CommandHandler(DescribeDistrict)
export class DescribeDistrictHandler implements ICommandHandler<DescribeDistrict> {
  constructor(private readonly events: EventStore) {}

  execute(command: DescribeDistrict) {
    return this.events.decide(command, districtStream(command.district), district, (state) => describeDistrict(state, command));
  }
}
