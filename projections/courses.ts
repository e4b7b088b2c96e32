import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

export interface Course {
  readonly name: string;
  readonly credits?: number | undefined;
}

export const courses = projection<Course, CatalogueEvent>({
  name: 'courses',
  version: 1,
  earlierFingerprints: ['cb5317c9757b06fb'],
  key: ({ data }) => ('course' in data ? data.course : undefined),
  empty: { name: '' },
  instants: [],
  money: [],
  on: {
    CourseDescribed: (_, { data: { name, credits } }) => ({ name, credits }),
  },
});
