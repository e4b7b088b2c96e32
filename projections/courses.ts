import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

export interface Course {
  readonly name: string;
  readonly credits?: number | undefined;
}

export const courses = projection<Course, CatalogueEvent>({
  name: 'courses',
  version: 1,
  key: ({ data }) => ('course' in data ? data.course : undefined),
  empty: { name: '' },
  on: {
    CourseDescribed: (_, { data: { name, credits } }) => ({ name, credits }),
  },
});
