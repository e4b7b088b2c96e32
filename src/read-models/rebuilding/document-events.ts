import { type Position, type Recorded, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { inParallel } from '../../kernel/in-parallel.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { EventRouting } from '../projecting/event-routing.js';
import { bySubject, type Projection } from '../projection.js';

/** Where events of some documents are read from. */
export interface DocumentEvents {
  readonly events: EventStore;
  /** The read model by which the log finds a candidate's events, where it has no index of its own: that is not read by itself. */
  readonly subjectIndex?: string | undefined;
}

/** Events that are read at a time. */
const PAGE = 2_000;
/** Candidates whose events are read at once. */
const CONCURRENCY = 8;

/** Whether the events of documents are found without reading the whole log. @param some the key of one of them */
export async function isFoundBySubject({ key, name }: Projection, some: string | undefined, { events, subjectIndex }: DocumentEvents): Promise<boolean> {
  if (key !== bySubject || name === subjectIndex || some === undefined) return false;
  if (subjectIndex === undefined) return true;
  try {
    await events.subject(some);
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailable) return false; // the index is behind or damaged; a log that is away fails again below
    throw error;
  }
}

/** What is read of the log for some documents. */
export interface Reading {
  readonly keys: readonly string[];
  /** By `isFoundBySubject`. */
  readonly bySubject: boolean;
  /** How far the log is read; to its end where it is unset. */
  readonly upTo?: Position | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Passes on the events of documents, those of each document in the log's order: of candidates by their subjects, of others all events
 * that the projection handles.
 */
export async function readEventsOf(
  projection: Projection,
  { events }: DocumentEvents,
  { keys, bySubject: isBySubject, upTo, signal }: Reading,
  take: (event: Recorded) => void,
): Promise<void> {
  const routing = new EventRouting([projection]);
  const takeWanted = (event: Recorded) => {
    if ((upTo === undefined || event.position <= upTo) && routing.projectionsOf(event).length > 0) take(event);
  };
  if (isBySubject) {
    await inParallel(keys, CONCURRENCY, async (key) => {
      signal?.throwIfAborted();
      for (const event of await events.subject(key)) takeWanted(event);
    });
    return;
  }
  // an event of a newer release may be of any candidate; a document of anything else has seen none
  const filter = projection.key === bySubject ? undefined : { types: routing.types };
  const end = upTo ?? (await events.head());
  for (let position: Position = START; position < end; ) {
    signal?.throwIfAborted();
    const page = await events.read(position, PAGE, filter);
    for (const event of page.events) takeWanted(event);
    if (page.end) return;
    position = page.position;
  }
}
