import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { periodStream } from '../catalogue.streams.js';
import type { Paper } from './period.decider.js';
import { examPeriod, schedulePaper } from './period.decider.js';

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

export const SchedulePaperHandler = handler(SchedulePaper, {
  stream: ({ period }) => periodStream(period),
  decider: examPeriod,
  decide: schedulePaper,
});
