import { CLOCK_SKEW } from '../kernel/clock.js';
import { type Position, START } from './event.js';
import type { EventStore } from './event-store.js';

/** A distance that is read rather than divided further. */
const NEAR = 500;

/**
 * A position before all events that were recorded at an instant (ISO 8601, UTC) or later, so that what is older is not read; the log's
 * beginning where the store cannot divide it. Events may be out of order by as much as clocks may differ.
 */
export async function positionBefore(events: EventStore, instant: string): Promise<Position> {
  return (await around(events, Date.parse(instant) - CLOCK_SKEW)).after;
}

/** A position after all events that were recorded at an instant or earlier; the log's end where the store cannot divide it. */
export async function positionAfter(events: EventStore, instant: string): Promise<Position> {
  return (await around(events, Date.parse(instant) + CLOCK_SKEW)).end;
}

/** Events that are read at a time. */
const PAGE = 1_000;

/** The end of the log at an instant: the last event before the first that was recorded later; START where there is none. */
export async function endAt(events: EventStore, instant: string): Promise<Position> {
  let last = await positionBefore(events, instant);
  for (let position = last, end = false; !end; ) {
    const page = await events.read(position, PAGE);
    for (const event of page.events) {
      if (event.recordedAt > instant) return last;
      last = event.position;
    }
    ({ position, end } = page);
  }
  return last;
}

/** Halves the log: events up to `after` were recorded before a moment, those after `end` later. */
async function around(events: EventStore, moment: number): Promise<{ readonly after: Position; readonly end: Position }> {
  const bound = new Date(moment).toISOString();
  let [after, end]: [Position, Position] = [START, await events.head()];
  while (events.distance(after, end) > NEAR) {
    const [middle] = await events.splitRange(after, end, 2);
    if (middle === undefined) break;
    const [next] = (await events.read(middle, 1)).events;
    if (next && next.recordedAt < bound) after = middle;
    else end = middle;
  }
  return { after, end };
}
