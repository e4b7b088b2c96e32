import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { periodStream } from '../catalogue.streams.js';
import type { Slot } from './period.decider.js';
import { examPeriod, scheduleUnit } from './period.decider.js';

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

export const ScheduleUnitHandler = handler(ScheduleUnit, {
  stream: ({ period }) => periodStream(period),
  decider: examPeriod,
  decide: scheduleUnit,
});
