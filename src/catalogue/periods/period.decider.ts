import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent, PaperForm, PeriodTerms } from '../catalogue.events.js';
import { refused } from '../catalogue.refusals.js';

type PeriodEvent = Extract<
  CatalogueEvent,
  { type: 'PeriodAnnounced' | 'ArrangementsReleaseScheduled' | 'ResultsReleaseScheduled' | 'UnitScheduled' | 'PaperScheduled' }
>;

/** The time of a unit 单元: `date` is `YYYY-MM-DD`, `starts` is `HH:MM` in Beijing. */
export interface Slot {
  readonly date: string;
  readonly starts: string;
}

/** How a course is examined in a period; a practical has no unit. */
export interface Paper {
  readonly unit?: string | undefined;
  readonly form: PaperForm;
  readonly minutes?: number | undefined;
}

/** When arrangements and results become visible: instants in UTC, undefined while not known. */
export interface Releases {
  readonly arrangements?: string | undefined;
  readonly results?: string | undefined;
}

/** An exam period 考期 with its releases (instants), its units 单元 and its papers by course. */
interface Period {
  /** Missing until it is announced. */
  readonly terms?: PeriodTerms;
  readonly arrangementsReleaseAt?: string | undefined;
  readonly resultsReleaseAt?: string | undefined;
  readonly units: Map<string, Slot>;
  readonly papers: Map<string, Paper>;
}

export const examPeriod: Decider<Period, PeriodEvent> = {
  initial: () => ({ units: new Map(), papers: new Map() }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'PeriodAnnounced': {
        const { period: _, ...terms } = data;
        return { ...state, terms };
      }
      case 'ArrangementsReleaseScheduled':
        return { ...state, arrangementsReleaseAt: data.at };
      case 'ResultsReleaseScheduled':
        return { ...state, resultsReleaseAt: data.at };
      case 'UnitScheduled':
        state.units.set(data.unit, { date: data.date, starts: data.starts });
        return state;
      case 'PaperScheduled':
        state.papers.set(data.course, { unit: data.unit, form: data.form, minutes: data.minutes });
        return state;
    }
  },
};

interface Announced {
  readonly period: string;
  readonly terms: PeriodTerms;
  readonly releases: Releases;
}

/** Records the period and its two releases: an event for each that is new or changed. */
export function announcePeriod(state: Period, { period, terms, releases }: Announced): PeriodEvent[] {
  const events: PeriodEvent[] = [];
  if (!same(state.terms, terms)) events.push({ type: 'PeriodAnnounced', data: { period, ...terms } });
  if (state.arrangementsReleaseAt !== releases.arrangements) {
    events.push({ type: 'ArrangementsReleaseScheduled', data: { period, at: releases.arrangements } });
  }
  if (state.resultsReleaseAt !== releases.results) events.push({ type: 'ResultsReleaseScheduled', data: { period, at: releases.results } });
  return events;
}

/** @throws Refusal period.not_announced */
export function scheduleUnit(state: Period, { period, unit, slot }: { readonly period: string; readonly unit: string; readonly slot: Slot }): PeriodEvent[] {
  if (!state.terms) throw refused('period.not_announced', { period });
  return same(state.units.get(unit), slot) ? [] : [{ type: 'UnitScheduled', data: { period, unit, ...slot } }];
}

/** @throws Refusal period.not_announced, period.no_such_unit */
export function schedulePaper(
  state: Period,
  { period, course, paper }: { readonly period: string; readonly course: string; readonly paper: Paper },
): PeriodEvent[] {
  if (!state.terms) throw refused('period.not_announced', { period });
  if (paper.unit !== undefined && !state.units.has(paper.unit)) throw refused('period.no_such_unit', { period, unit: paper.unit });
  return same(state.papers.get(course), paper) ? [] : [{ type: 'PaperScheduled', data: { period, course, ...paper } }];
}
