import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { periodStream } from './catalogue.streams.js';
import { examPeriod, scheduleUnit } from './period.decider.js';

/** When a unit 单元 is: `date` is `YYYY-MM-DD`, `starts` is `HH:MM` in Beijing. */
export interface Slot {
  readonly date: string;
  readonly starts: string;
}

export class ScheduleUnit extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly period: string,
    readonly unit: string,
    readonly slot: Slot,
  ) {
    super();
  }
}

@CommandHandler(ScheduleUnit)
export class ScheduleUnitHandler implements ICommandHandler<ScheduleUnit> {
  constructor(private readonly events: EventStore) {}

  execute(command: ScheduleUnit) {
    return this.events.decide(command, periodStream(command.period), examPeriod, (state) => scheduleUnit(state, command));
  }
}
