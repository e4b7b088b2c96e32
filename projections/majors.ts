import type { CatalogueEvent, MajorTerms } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** A major with its plan: course code to whether it is required. */
export interface Major extends MajorTerms {
  readonly courses: { readonly [course: string]: boolean };
}

export const majors = projection<Major, CatalogueEvent>({
  name: 'majors',
  version: 1,
  key: ({ data }) => ('major' in data ? data.major : undefined),
  empty: { name: '', level: '', university: '', state: 'open', courses: {} },
  on: {
    MajorDescribed: (doc, { data: { major: _, ...terms } }) => ({ ...terms, courses: doc.courses }), // all terms: one that is not said any more holds no more
    MajorCourseListed: (doc, { data: { course, required } }) => ({ ...doc, courses: { ...doc.courses, [course]: required } }),
  },
});
