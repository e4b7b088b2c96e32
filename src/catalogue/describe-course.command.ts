import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { courseStream } from './catalogue.streams.js';
import { course, describeCourse } from './course.decider.js';

/** A course's name, and its credits where they are known. */
export interface CourseDescription {
  readonly name: string;
  readonly credits?: number | undefined;
}

export class DescribeCourse extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly course: string,
    readonly description: CourseDescription,
  ) {
    super();
  }
}

@CommandHandler(DescribeCourse)
export class DescribeCourseHandler implements ICommandHandler<DescribeCourse> {
  constructor(private readonly events: EventStore) {}

  execute(command: DescribeCourse) {
    return this.events.decide(command, courseStream(command.course), course, (state) => describeCourse(state, command));
  }
}
