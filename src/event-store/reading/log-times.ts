import { CLOCK_SKEW } from '../../kernel/clock.js';
import { type Position, START } from '../event.js';
import type { EventStore } from '../event-store.js';

/** A distance that is read rather than divided further. */
const NEAR = 500;
/** Each step back in the log is so many times the one before, so that few steps lead far and one that leads too far reads little more. */
const GROWTH = 2;

/**
 * A position before all events that were recorded at an instant (ISO 8601, UTC) or later, so that what is older is not read; the log's
 * beginning where the store cannot look back. Events may be out of order by as much as clocks may differ.
 */
export async function positionBefore(events: EventStore, instant: string): Promise<Position> {
  return (await around(events, Date.parse(instant) - CLOCK_SKEW)).after;
}

/** A position after all events that were recorded at an instant or earlier; the log's end where the store cannot look back. */
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

/**
 * Events up to `after` were recorded before a moment, those after `end` later. Goes back from the log's end in growing steps until the
 * moment is passed, and halves the last one where the store can divide its log.
 */
async function around(events: EventStore, moment: number): Promise<{ readonly after: Position; readonly end: Position }> {
  const bound = new Date(moment).toISOString();
  const isEarlier = async (position: Position) => {
    const [next] = (await events.read(position, 1)).events;
    return next !== undefined && next.recordedAt < bound;
  };
  let end = await events.head();
  let after = await events.positionBack(end, NEAR);
  for (let step = NEAR * GROWTH; after !== START && !(await isEarlier(after)); step *= GROWTH) [after, end] = [await events.positionBack(after, step), after];
  while (events.distance(after, end) > NEAR) {
    const [middle] = await events.splitRange(after, end, 2);
    if (middle === undefined) break;
    if (await isEarlier(middle)) after = middle;
    else end = middle;
  }
  return { after, end };
}
