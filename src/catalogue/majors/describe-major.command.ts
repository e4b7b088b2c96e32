import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { MajorTerms } from '../catalogue.events.js';
import { majorStream } from '../catalogue.streams.js';
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

export const DescribeMajorHandler = handler(DescribeMajor, {
  stream: ({ major }) => majorStream(major),
  decider: major,
  decide: describeMajor,
});
