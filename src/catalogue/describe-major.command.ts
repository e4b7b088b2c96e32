import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { MajorTerms } from './catalogue.events.js';
import { majorStream } from './catalogue.streams.js';
import { describeMajor, major } from './major.decider.js';

export class DescribeMajor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly major: string,
    readonly terms: MajorTerms,
  ) {
    super();
  }
}

@CommandHandler(DescribeMajor)
export class DescribeMajorHandler implements ICommandHandler<DescribeMajor> {
  constructor(private readonly events: EventStore) {}

  execute(command: DescribeMajor) {
    return this.events.decide(command, majorStream(command.major), major, (state) => describeMajor(state, command));
  }
}
