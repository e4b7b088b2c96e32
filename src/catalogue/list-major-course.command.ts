import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { majorStream } from './catalogue.streams.js';
import { listMajorCourse, major } from './major.decider.js';

/** Puts a course into a major's plan, required 必考 or not. */
export class ListMajorCourse extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly major: string,
    readonly course: string,
    readonly required: boolean,
  ) {
    super();
  }
}

@CommandHandler(ListMajorCourse)
export class ListMajorCourseHandler implements ICommandHandler<ListMajorCourse> {
  constructor(private readonly events: EventStore) {}

  execute(command: ListMajorCourse) {
    return this.events.decide(command, majorStream(command.major), major, (state) => listMajorCourse(state, command));
  }
}
