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

export const periods = projection<Period, CatalogueEvent>({
  name: 'periods',
  version: 1,
  key: ({ data }) => ('period' in data ? data.period : undefined),
  empty: { name: '', registration: {}, confirmation: {}, enrolment: {}, units: {}, papers: {} },
  on: {
    PeriodAnnounced: ({ arrangementsReleasedAt, resultsReleasedAt, units, papers }, { data: { period: _, ...terms } }) => ({
      ...terms, // all of them: one that is not said any more holds no more
      arrangementsReleasedAt,
      resultsReleasedAt,
      units,
      papers,
    }),
    ArrangementsReleaseScheduled: (doc, { data: { at } }) => ({ ...doc, arrangementsReleasedAt: at }),
    ResultsReleaseScheduled: (doc, { data: { at } }) => ({ ...doc, resultsReleasedAt: at }),
    UnitScheduled: (doc, { data: { unit, date, starts } }) => ({ ...doc, units: { ...doc.units, [unit]: { date, starts } } }),
    PaperScheduled: (doc, { data: { course, unit, form, minutes } }) => ({ ...doc, papers: { ...doc.papers, [course]: { unit, form, minutes } } }),
  },
});
