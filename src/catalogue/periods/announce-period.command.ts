import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { PeriodTerms } from '../catalogue.events.js';
import { periodStream } from '../catalogue.streams.js';
import type { Releases } from './period.decider.js';
import { announcePeriod, examPeriod } from './period.decider.js';

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

export const AnnouncePeriodHandler = handler(AnnouncePeriod, {
  stream: ({ period }) => periodStream(period),
  decider: examPeriod,
  decide: announcePeriod,
});
