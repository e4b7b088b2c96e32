import { type Position, type Recorded, START } from '../event-store/event.js';
import type { EventStore, Filter } from '../event-store/event-store.js';
import { readableEvents } from '../event-store/reading/fold-history.js';
import type { ImportEvent } from './imports.events.js';
import { importStream } from './imports.streams.js';

type Begun = Recorded<Extract<ImportEvent, { type: 'ImportBegun' }>>;
type Ended = Recorded<Extract<ImportEvent, { type: 'ImportEnded' }>>;

/** A batch as the log has it. Without `ended` it is being imported, or was broken off. */
export interface Batch {
  readonly begun: Begun;
  readonly ended: Ended | undefined;
}

/** What a batch recorded of one type: the events, the candidates that they are about, and some of those by id. */
export interface Affected {
  readonly type: string;
  readonly events: number;
  readonly candidates: number;
  readonly examples: readonly string[];
}

const NOTED: Filter = { types: ['ImportBegun', 'ImportEnded'] satisfies ImportEvent['type'][] };
const PAGE = 1_000;
const MAX_EXAMPLES = 5;

/** All batches, the newest first. @throws StoreUnavailable when a newer release has recorded one */
export async function listBatches(events: EventStore): Promise<readonly Batch[]> {
  const begun: Begun[] = [];
  const ended = new Map<string, Ended>();
  for await (const recorded of eventsBetween(events, START, await events.head(), NOTED)) {
    for (const event of readableEvents<ImportEvent>([recorded])) {
      if (event.type === 'ImportBegun') begun.push(event);
      else ended.set(event.stream, event);
    }
  }
  return begun.map((each) => ({ begun: each, ended: ended.get(each.stream) })).reverse();
}

/** @returns undefined when there is no such batch @throws StoreUnavailable when a newer release has written to it */
export async function findBatch(events: EventStore, batch: string): Promise<Batch | undefined> {
  const [history = []] = await events.streams([importStream(batch).name]);
  const noted = readableEvents<ImportEvent>(history);
  const begun = noted.find((event) => event.type === 'ImportBegun');
  return begun && { begun, ended: noted.find((event) => event.type === 'ImportEnded') };
}

/** What a batch recorded, by event type in the log's order. Reads the log between its two events, or to the end where it has not ended. */
export async function affectedBy(events: EventStore, { begun, ended }: Batch): Promise<readonly Affected[]> {
  const { batch } = begun.data;
  const byType = new Map<string, { events: number; readonly candidates: Set<string> }>();
  for await (const { type, subject, metadata, stream } of eventsBetween(events, begun.position, ended?.position ?? (await events.head()))) {
    if (metadata.correlation !== batch || stream === begun.stream) continue;
    const of = byType.get(type) ?? { events: 0, candidates: new Set() };
    of.events++;
    if (subject !== undefined) of.candidates.add(subject);
    byType.set(type, of);
  }
  return [...byType].map(([type, { events: count, candidates }]) => ({
    type,
    events: count,
    candidates: candidates.size,
    examples: [...candidates].slice(0, MAX_EXAMPLES),
  }));
}

/** Events after a position up to another one, page by page. */
export async function* eventsBetween(events: Pick<EventStore, 'read'>, after: Position, upTo: Position, filter?: Filter): AsyncGenerator<Recorded> {
  for (let position = after, end = false; !end && position < upTo; ) {
    const page = await events.read(position, PAGE, filter);
    for (const event of page.events) if (event.position <= upTo) yield event;
    ({ position, end } = page);
  }
}
