import type { Event, Recorded } from '../event-store/event.js';
import type { Page } from '../event-store/event-store.js';
import { bySubject, nameOf, type Projection } from './projection.js';
import type { Checkpoint, ProjectedBatch, Quarantined, Stored } from './read-models.js';

/** Where a projection stands in the log. */
export interface Standing {
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  /** Keys of documents that take no more events until a person has looked. */
  readonly quarantined: ReadonlySet<string>;
  /** Why it goes no further than its checkpoint. */
  readonly stopped?: string;
}

/** What came of a batch: what is to be written, and where the projections stand once it is. */
export interface Folded {
  readonly batches: readonly ProjectedBatch[];
  readonly standings: readonly Standing[];
}

/** The documents of these keys as they are before the batch, tombstones included. */
export type Load = (projection: Projection, keys: readonly string[]) => Promise<ReadonlyMap<string, Stored>>;

/** The events of one batch by the document that they belong to, for one projection. */
interface Sorted {
  readonly standing: Standing;
  readonly byKey: Map<string, Recorded[]>;
  end: Checkpoint;
  stopped?: string;
}

/**
 * Folds batches of the log into documents: in memory, each document loaded once and handed back once. Whatever an event
 * has been folded into knows it by its position, so that any repeat is harmless.
 */
export class Folding {
  /** By event type, the places of the projections that handle it. */
  private readonly wanting = new Map<string, number[]>();
  private readonly everyone: readonly number[];
  private readonly ofSubjects: readonly number[];

  constructor(projections: readonly Projection[]) {
    this.everyone = [...projections.keys()];
    this.ofSubjects = this.everyone.filter((place) => projections[place]?.key === bySubject);
    projections.forEach(({ on }, place) => {
      for (const type of Object.keys(on)) this.wanting.set(type, [...(this.wanting.get(type) ?? []), place]);
    });
  }

  /** Every event type that some projection handles. */
  get types(): readonly string[] {
    return [...this.wanting.keys()];
  }

  /** @param standings in the order of the projections given at first */
  async fold(standings: readonly Standing[], page: Page, load: Load): Promise<Folded> {
    const sorted = this.sort(standings, page);
    const batches: ProjectedBatch[] = [];
    const after: Standing[] = [];
    for (const each of sorted) {
      const { standing, byKey, end, stopped } = each;
      if (end.position <= standing.checkpoint.position) {
        after.push(stopped === undefined ? standing : { ...standing, stopped });
        continue;
      }
      const batch = await foldDocuments(standing.projection, byKey, end, load);
      const quarantined = batch.quarantined.length > 0 ? new Set([...standing.quarantined, ...batch.quarantined.map(({ key }) => key)]) : standing.quarantined;
      batches.push(batch);
      after.push({ projection: standing.projection, checkpoint: end, quarantined, ...(stopped !== undefined && { stopped }) });
    }
    return { batches, standings: after };
  }

  private sort(standings: readonly Standing[], { events, position }: Page): readonly Sorted[] {
    const last = events.at(-1);
    const end = last?.position === position ? checkpointAt(last) : { position };
    const sorted = standings.map((standing): Sorted => ({ standing, byKey: new Map(), end: standing.stopped === undefined ? end : standing.checkpoint }));
    for (let at = 0; at < events.length; at++) {
      const event = events[at] as Recorded;
      for (const place of this.concerned(event)) {
        const { standing, byKey, stopped } = sorted[place] as Sorted;
        if (stopped !== undefined || standing.stopped !== undefined || event.position <= standing.checkpoint.position) continue;
        const { projection, quarantined } = standing;
        let key: string | undefined;
        try {
          key = keyOf(projection, event);
        } catch (error) {
          const reason = `${nameOf(projection)} cannot tell whose event ${event.id} (${event.type} at ${event.position}) is: ${messageOf(error)}`;
          Object.assign(sorted[place] as Sorted, { stopped: reason, end: endBefore(events, at, standing.checkpoint) });
          continue;
        }
        if (key === undefined || quarantined.has(key)) continue;
        const before = byKey.get(key);
        if (before) before.push(event);
        else byKey.set(key, [event]);
      }
    }
    return sorted;
  }

  /**
   * The projections that an event may be for. One of a type unknown to this release may be for every projection of
   * candidates when it is about a candidate, and for any at all when it is about none.
   */
  private concerned({ type, unknown, subject }: Recorded): readonly number[] {
    return this.wanting.get(type) ?? (unknown ? (subject === undefined ? this.everyone : this.ofSubjects) : []);
  }
}

/** The data of an unknown event cannot be asked, only whose it is. */
function keyOf({ key }: Projection, event: Recorded): string | undefined {
  if (!event.unknown) return key(event);
  if (key === bySubject && event.subject !== undefined) return event.subject;
  throw new Error('a newer release recorded it');
}

async function foldDocuments(
  projection: Projection,
  byKey: ReadonlyMap<string, readonly Recorded[]>,
  checkpoint: Checkpoint,
  load: Load,
): Promise<ProjectedBatch> {
  const documents = new Map<string, Stored>();
  const quarantined: Quarantined[] = [];
  const stored = byKey.size > 0 ? await load(projection, [...byKey.keys()]) : documents;
  for (const [key, events] of byKey) {
    const folded = foldDocument(projection, stored.get(key), events);
    if (folded.after) documents.set(key, folded.after);
    if (folded.fault) quarantined.push({ key, ...folded.fault });
  }
  return { projection, documents, quarantined, checkpoint };
}

/** The document after the events that it has not seen, and the event that it could not take, before which it stays. */
function foldDocument(projection: Projection, before: Stored | undefined, events: readonly Recorded[]) {
  const on: Readonly<Record<string, ((document: unknown, event: Recorded) => unknown) | undefined>> = projection.on;
  const indexes = projection.indexes && Object.values(projection.indexes);
  let document = before?.document ?? null;
  let position = before?.position;
  let folding: Recorded | undefined;
  try {
    for (const event of events) {
      if (position !== undefined && event.position <= position) continue;
      folding = event;
      if (event.unknown) throw new Error(`a newer release recorded ${event.type}`);
      const next = on[event.type]?.(document ?? projection.empty, event) ?? null;
      if (indexes && next !== null) for (const listed of indexes) listed(next); // one that throws would throw when it is written
      document = next;
      position = event.position;
    }
  } catch (error) {
    const fault = { position: (folding as Recorded).position, error: messageOf(error) };
    return position === undefined || position === before?.position ? { fault } : { after: { position, document }, fault };
  }
  return position === undefined || position === before?.position ? {} : { after: { position, document } };
}

/** An error's message alone: what a stack or a cause shows may hold more of the data. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'something that is no error was thrown';
}

function checkpointAt({ position, id }: Recorded<Event>): Checkpoint {
  return { position, eventId: id };
}

/** Where a projection is left that stops at an event: just before it, and never behind where it was. */
function endBefore(events: readonly Recorded[], at: number, checkpoint: Checkpoint): Checkpoint {
  const before = events[at - 1];
  return before && before.position > checkpoint.position ? checkpointAt(before) : checkpoint;
}
