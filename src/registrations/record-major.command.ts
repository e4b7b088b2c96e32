import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { candidate, recordMajor } from './candidate.decider.js';
import { candidateStream } from './registrations.streams.js';

/** 学习中, 已毕业, 已离开 */
export type MajorState = 'studying' | 'graduated' | 'left';

/** How a candidate stands in a major, and the period in which it was taken up. */
export class RecordMajor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly major: string,
    readonly state: MajorState,
    readonly period: string,
  ) {
    super();
  }
}

@CommandHandler(RecordMajor)
export class RecordMajorHandler implements ICommandHandler<RecordMajor> {
  constructor(private readonly events: EventStore) {}

  execute(command: RecordMajor) {
    return this.events.decide(command, candidateStream(command.candidateId), candidate, (state) => recordMajor(state, command));
  }
}
