import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { PeriodTerms } from './catalogue.events.js';
import { periodStream } from './catalogue.streams.js';
import { announcePeriod, examPeriod } from './period.decider.js';

/** When arrangements and results become visible: instants in UTC; none: not yet known. */
interface Releases {
  readonly arrangements?: string | undefined;
  readonly results?: string | undefined;
}

export class AnnouncePeriod extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly period: string,
    readonly terms: PeriodTerms,
    readonly releases: Releases,
  ) {
    super();
  }
}

@CommandHandler(AnnouncePeriod)
export class AnnouncePeriodHandler implements ICommandHandler<AnnouncePeriod> {
  constructor(private readonly events: EventStore) {}

  execute(command: AnnouncePeriod) {
    return this.events.decide(command, periodStream(command.period), examPeriod, (state) => announcePeriod(state, command));
  }
}
