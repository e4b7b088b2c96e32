import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { courseStream } from '../catalogue.streams.js';
import type { CourseDescription } from './course.decider.js';
import { course, describeCourse } from './course.decider.js';

export class DescribeCourse extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly course: string,
    readonly description: CourseDescription,
  ) {
    super();
  }
}

export const DescribeCourseHandler = handler(DescribeCourse, {
  stream: ({ course }) => courseStream(course),
  decider: course,
  decide: describeCourse,
});
