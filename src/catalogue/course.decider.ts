import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { CatalogueEvent } from './catalogue.events.js';
import type { CourseDescription, DescribeCourse } from './describe-course.command.js';

type CourseEvent = Extract<CatalogueEvent, { type: 'CourseDescribed' }>;

interface Course {
  readonly description?: CourseDescription;
}

export const course: Decider<Course, CourseEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { name, credits } }) => ({ description: { name, credits } }),
};

export function describeCourse(state: Course, command: DescribeCourse): CourseEvent[] {
  if (same(state.description, command.description)) return [];
  return [{ type: 'CourseDescribed', data: { course: command.course, ...command.description } }];
}
