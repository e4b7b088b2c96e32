import type { CatalogueEvent, MajorTerms } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** A major with its plan: by course code, whether the course is required. */
export interface Major extends MajorTerms {
  readonly courses: { readonly [course: string]: boolean };
}

/** While events are folded. */
interface Folded {
  readonly terms: MajorTerms;
  readonly courses: Map<string, boolean>;
}

export const majors = projection<Major, CatalogueEvent, Folded>({
  name: 'majors',
  version: 1,
  earlierFingerprints: ['844f7fcfea13f957'],
  key: ({ data }) => ('major' in data ? data.major : undefined),
  empty: { name: '', level: '', university: '', state: 'open', courses: {} },
  instants: [],
  money: [],
  maps: { courses: { keys: ['course'], value: 'required' } },
  state: {
    open: ({ courses, ...terms }) => ({ terms, courses: new Map(Object.entries(courses)) }),
    close: ({ terms, courses }) => ({ ...terms, courses: Object.fromEntries(courses) }),
  },
  on: {
    MajorDescribed: ({ courses }, { data: { major: _, ...terms } }) => ({ terms, courses }), // replaces all terms: one that is left out no longer applies
    MajorCourseListed: (state, { data: { course, required } }) => {
      state.courses.set(course, required);
      return state;
    },
  },
});
