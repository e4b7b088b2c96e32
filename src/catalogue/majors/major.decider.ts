import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent, MajorTerms } from '../catalogue.events.js';
import { refused } from '../catalogue.refusals.js';

type MajorEvent = Extract<CatalogueEvent, { type: 'MajorDescribed' | 'MajorCourseListed' }>;

/** A major 专业 with its plan. */
interface Major {
  /** Missing until it is described. */
  readonly terms?: MajorTerms;
  /** By course code, whether it is required 必考. */
  readonly plan: Map<string, boolean>;
}

export const major: Decider<Major, MajorEvent> = {
  initial: () => ({ plan: new Map() }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'MajorDescribed': {
        const { major: _, ...terms } = data;
        return { ...state, terms };
      }
      case 'MajorCourseListed':
        state.plan.set(data.course, data.required);
        return state;
    }
  },
};

export function describeMajor(state: Major, { major, terms }: { readonly major: string; readonly terms: MajorTerms }): MajorEvent[] {
  return same(state.terms, terms) ? [] : [{ type: 'MajorDescribed', data: { major, ...terms } }];
}

interface PlannedCourse {
  readonly major: string;
  readonly course: string;
  /** 必考 */
  readonly required: boolean;
}

/** @throws Refusal major.unknown */
export function listMajorCourse(state: Major, { major, course, required }: PlannedCourse): MajorEvent[] {
  if (!state.terms) throw refused('major.unknown', { major });
  return state.plan.get(course) === required ? [] : [{ type: 'MajorCourseListed', data: { major, course, required } }];
}
