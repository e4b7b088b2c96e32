import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { PaperForm } from './catalogue.events.js';
import { periodStream } from './catalogue.streams.js';
import { examPeriod, schedulePaper } from './period.decider.js';

/** How a course is examined in a period; a practical has no unit. */
export interface Paper {
  readonly unit?: string | undefined;
  readonly form: PaperForm;
  readonly minutes?: number | undefined;
}

export class SchedulePaper extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly period: string,
    readonly course: string,
    readonly paper: Paper,
  ) {
    super();
  }
}

@CommandHandler(SchedulePaper)
export class SchedulePaperHandler implements ICommandHandler<SchedulePaper> {
  constructor(private readonly events: EventStore) {}

  execute(command: SchedulePaper) {
    return this.events.decide(command, periodStream(command.period), examPeriod, (state) => schedulePaper(state, command));
  }
}
