import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent } from '../catalogue.events.js';

type CourseEvent = Extract<CatalogueEvent, { type: 'CourseDescribed' }>;

/** A course's name, and its credits where they are known. */
export interface CourseDescription {
  readonly name: string;
  readonly credits?: number | undefined;
}

interface Course {
  readonly description?: CourseDescription;
}

export const course: Decider<Course, CourseEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { name, credits } }) => ({ description: { name, credits } }),
};

export function describeCourse(state: Course, { course, description }: { readonly course: string; readonly description: CourseDescription }): CourseEvent[] {
  return same(state.description, description) ? [] : [{ type: 'CourseDescribed', data: { course, ...description } }];
}
