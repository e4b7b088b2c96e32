import type { CatalogueEvent } from '../../catalogue/catalogue.events.js';
import type { Recorded } from '../../event-store/event.js';

/** From when to when (instants; open where it still holds). */
export interface Interval {
  readonly from: string;
  readonly to?: string | undefined;
}

type Scheduled = Extract<CatalogueEvent, { type: 'ResultsReleaseScheduled' | 'ArrangementsReleaseScheduled' }>;

/**
 * When a period's results or arrangements were released, up to now, by the period's own events: a release that is put off or cancelled
 * hides again what it showed.
 */
export function releasedIntervals(history: readonly Recorded[], type: Scheduled['type'], now: string): readonly Interval[] {
  const schedules = history.filter((event): event is Recorded<Scheduled> => event.type === type && !event.unknown);
  return schedules.flatMap(({ data: { at }, recordedAt }, place) => {
    const to = schedules[place + 1]?.recordedAt;
    const from = at === undefined ? undefined : later(instant(at), recordedAt);
    return from === undefined || from > now || (to !== undefined && from >= to) ? [] : [{ from, ...(to !== undefined && { to }) }];
  });
}

/** The parts of an interval that lie within others. */
export function within(interval: Interval, others: readonly Interval[]): readonly Interval[] {
  return others.flatMap((other) => {
    const from = later(interval.from, other.from);
    const to = earlier(interval.to, other.to);
    return to !== undefined && from >= to ? [] : [{ from, ...(to !== undefined && { to }) }];
  });
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

/** In UTC, as events are recorded, so that instants compare as text. */
function instant(at: string): string {
  return new Date(at).toISOString();
}
