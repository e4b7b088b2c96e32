import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { recordScore, results } from './results.decider.js';
import type { Result } from './results.events.js';
import { resultsStream } from './results.streams.js';

/** What a candidate came to in a course of a period. */
export class RecordScore extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
    readonly course: string,
    readonly result: Result,
  ) {
    super();
  }
}

@CommandHandler(RecordScore)
export class RecordScoreHandler implements ICommandHandler<RecordScore> {
  constructor(private readonly events: EventStore) {}

  execute(command: RecordScore) {
    return this.events.decide(command, resultsStream(command.candidateId, command.period), results, (state) => recordScore(state, command));
  }
}
