import type { Position, Recorded } from '../event.js';
import type { EventStore, Filter } from '../event-store.js';

/** A part of the log, and what is looked for in it. */
export interface Search {
  readonly after: Position;
  readonly upTo: Position;
  readonly filter?: Filter | undefined;
  matches(event: Recorded): boolean;
  readonly signal: AbortSignal;
}

export interface NewestEvents {
  /** In the log's order. */
  readonly events: readonly Recorded[];
  /** Whether there may be earlier ones. */
  readonly more: boolean;
}

/** Events that are read at a time. */
const PAGE = 1_000;
/** Events that are read first; each further part of the log is larger. */
const FIRST = 2_000;
const GROWTH = 4;

/** The last events of a part of the log that match, read backwards as far as needed where the store can look back. */
export async function newestEvents(log: EventStore, search: Search, limit: number): Promise<NewestEvents> {
  let found: readonly Recorded[] = [];
  let end = search.upTo;
  for (let size = FIRST; end > search.after && found.length <= limit; size *= GROWTH) {
    const back = await log.positionBack(end, size);
    const start = back > search.after ? back : search.after;
    found = [...(await matching(log, { ...search, after: start, upTo: end }, limit + 1)), ...found];
    end = start;
  }
  return { events: found.slice(-limit), more: found.length > limit };
}

/** The last of those that match. */
async function matching(log: EventStore, { after, upTo, filter, matches, signal }: Search, last: number): Promise<readonly Recorded[]> {
  let found: Recorded[] = [];
  for (let position = after; position < upTo; ) {
    signal.throwIfAborted();
    const page = await log.read(position, PAGE, filter);
    for (const event of page.events) if (event.position <= upTo && matches(event)) found.push(event);
    if (found.length > 2 * last) found = found.slice(-last);
    if (page.end) break;
    position = page.position;
  }
  return found.slice(-last);
}
