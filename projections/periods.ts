import type { CatalogueEvent, PaperForm, PeriodTerms } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

export interface Unit {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `HH:MM` in Beijing */
  readonly starts: string;
}

export interface Paper {
  readonly unit?: string | undefined;
  readonly form: PaperForm;
  readonly minutes?: number | undefined;
}

/** An exam period with its two releases (instants), its time slots and its papers. */
export interface Period extends PeriodTerms {
  readonly arrangementsReleasedAt?: string | undefined;
  readonly resultsReleasedAt?: string | undefined;
  readonly units: { readonly [unit: string]: Unit };
  readonly papers: { readonly [course: string]: Paper };
}

/** While events are folded. */
interface Folded {
  readonly terms: Omit<Period, 'units' | 'papers'>;
  readonly units: Map<string, Unit>;
  readonly papers: Map<string, Paper>;
}

export const periods = projection<Period, CatalogueEvent, Folded>({
  name: 'periods',
  version: 1,
  earlierFingerprints: ['aa24e6ccb787451c'],
  key: ({ data }) => ('period' in data ? data.period : undefined),
  empty: { name: '', registration: {}, confirmation: {}, enrolment: {}, units: {}, papers: {} },
  instants: [
    'registration.opens',
    'registration.closes',
    'confirmation.opens',
    'confirmation.closes',
    'enrolment.opens',
    'enrolment.closes',
    'paymentCloses',
    'reviewCloses',
    'arrangementsReleasedAt',
    'resultsReleasedAt',
  ],
  money: [],
  maps: { units: { keys: ['unit'] }, papers: { keys: ['course'] } },
  state: {
    open: ({ units, papers, ...terms }) => ({ terms, units: new Map(Object.entries(units)), papers: new Map(Object.entries(papers)) }),
    close: ({ terms, units, papers }) => ({ ...terms, units: Object.fromEntries(units), papers: Object.fromEntries(papers) }),
  },
  on: {
    PeriodAnnounced: ({ terms: { arrangementsReleasedAt, resultsReleasedAt }, units, papers }, { data: { period: _, ...terms } }) => ({
      terms: { ...terms, arrangementsReleasedAt, resultsReleasedAt }, // replaces all terms: one that is left out no longer applies
      units,
      papers,
    }),
    ArrangementsReleaseScheduled: (state, { data: { at } }) => ({ ...state, terms: { ...state.terms, arrangementsReleasedAt: at } }),
    ResultsReleaseScheduled: (state, { data: { at } }) => ({ ...state, terms: { ...state.terms, resultsReleasedAt: at } }),
    UnitScheduled: (state, { data: { unit, date, starts } }) => {
      state.units.set(unit, { date, starts });
      return state;
    },
    PaperScheduled: (state, { data: { course, unit, form, minutes } }) => {
      state.papers.set(course, { unit, form, minutes });
      return state;
    },
  },
});
