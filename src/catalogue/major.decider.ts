import type { Decider } from '../event-store/decider.js';
import { Refusal } from '../event-store/refusal.js';
import { same } from '../event-store/same.js';
import type { CatalogueEvent, MajorTerms } from './catalogue.events.js';
import type { DescribeMajor } from './describe-major.command.js';
import type { ListMajorCourse } from './list-major-course.command.js';

type MajorEvent = Extract<CatalogueEvent, { type: 'MajorDescribed' | 'MajorCourseListed' }>;

/** A major 专业 with its plan: course code to whether it is required. */
interface Major {
  /** Missing until it is described. */
  readonly terms?: MajorTerms;
  readonly required: Map<string, boolean>;
}

export const major: Decider<Major, MajorEvent> = {
  initial: () => ({ required: new Map() }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'MajorDescribed': {
        const { major: _, ...terms } = data;
        return { ...state, terms };
      }
      case 'MajorCourseListed':
        state.required.set(data.course, data.required);
        return state;
    }
  },
};

export function describeMajor(state: Major, command: DescribeMajor): MajorEvent[] {
  return same(state.terms, command.terms) ? [] : [{ type: 'MajorDescribed', data: { major: command.major, ...command.terms } }];
}

/** @throws Refusal major.unknown */
export function listMajorCourse(state: Major, { major, course, required }: ListMajorCourse): MajorEvent[] {
  if (!state.terms) throw new Refusal('major.unknown', { major });
  return state.required.get(course) === required ? [] : [{ type: 'MajorCourseListed', data: { major, course, required } }];
}
