import type { Event, Recorded } from '../../event-store/event.js';
import type { EventPage } from '../../event-store/event-store.js';
import type { Projection } from '../projection.js';
import type { Checkpoint, ProjectedBatch, Quarantined, Stored } from '../read-models.js';
import { EventRouting, keyOf, UnknownDocumentKey } from './event-routing.js';
import { type AssertStorable, foldDocument } from './fold-document.js';

/** The checkpoint of a projection, its quarantined keys, and whether it is stopped. */
export interface ProjectionStatus {
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  /** Keys of documents that take no more events until a person has looked. */
  readonly quarantined: ReadonlySet<string>;
  /** Why it is stopped at its checkpoint. */
  readonly stopped?: string;
}

/** The writes of a folded batch, and the projections' statuses once they are done. */
export interface FoldedBatch {
  readonly batches: readonly ProjectedBatch[];
  readonly statuses: readonly ProjectionStatus[];
}

/** The documents of these keys as they are before the batch, tombstones included; they belong to the fold, which changes them. */
export type Load = (projection: Projection, keys: readonly string[]) => Promise<ReadonlyMap<string, Stored>>;

/** The events of one batch by the document that they belong to, for one projection. */
interface GroupedEvents {
  readonly status: ProjectionStatus;
  readonly byKey: Map<string, Recorded[]>;
  end: Checkpoint;
  stopped?: string;
}

/**
 * Folds batches of events into documents, each loaded and written once a batch. Idempotent: a document stores the position of the
 * last event that it has seen.
 */
export class BatchFold {
  private readonly routing: EventRouting;

  constructor(projections: readonly Projection[]) {
    this.routing = new EventRouting(projections);
  }

  /** Every event type that some projection handles. */
  get types(): readonly string[] {
    return this.routing.types;
  }

  /** @param statuses in the order of the projections given at first */
  async fold(statuses: readonly ProjectionStatus[], page: EventPage, load: Load, assertStorable?: AssertStorable): Promise<FoldedBatch> {
    const sorted = this.groupByDocument(statuses, page);
    const batches: ProjectedBatch[] = [];
    const after: ProjectionStatus[] = [];
    for (const each of sorted) {
      const { status, byKey, end, stopped } = each;
      if (end.position <= status.checkpoint.position) {
        after.push(stopped === undefined ? status : { ...status, stopped });
        continue;
      }
      const batch = await foldDocuments(status.projection, byKey, end, load, assertStorable);
      const quarantined = batch.quarantined.length > 0 ? new Set([...status.quarantined, ...batch.quarantined.map(({ key }) => key)]) : status.quarantined;
      batches.push(batch);
      after.push({ projection: status.projection, checkpoint: end, quarantined, ...(stopped !== undefined && { stopped }) });
    }
    return { batches, statuses: after };
  }

  private groupByDocument(statuses: readonly ProjectionStatus[], { events, position }: EventPage): readonly GroupedEvents[] {
    const last = events.at(-1);
    const end = last?.position === position ? checkpointAfter(last) : { position };
    const sorted = statuses.map((status): GroupedEvents => ({ status, byKey: new Map(), end: status.stopped === undefined ? end : status.checkpoint }));
    for (let at = 0; at < events.length; at++) {
      const event = events[at] as Recorded;
      for (const place of this.routing.projectionsOf(event)) {
        const { status, byKey, stopped } = sorted[place] as GroupedEvents;
        if (stopped !== undefined || status.stopped !== undefined || event.position <= status.checkpoint.position) continue;
        const { projection, quarantined } = status;
        let key: string | undefined;
        try {
          key = keyOf(projection, event);
        } catch (error) {
          if (!(error instanceof UnknownDocumentKey)) throw error;
          Object.assign(sorted[place] as GroupedEvents, { stopped: error.message, end: endBefore(events, at, status.checkpoint) });
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
}

async function foldDocuments(
  projection: Projection,
  byKey: ReadonlyMap<string, readonly Recorded[]>,
  checkpoint: Checkpoint,
  load: Load,
  assertStorable: AssertStorable | undefined,
): Promise<ProjectedBatch> {
  const documents = new Map<string, Stored>();
  const quarantined: Quarantined[] = [];
  const stored = byKey.size > 0 ? await load(projection, [...byKey.keys()]) : documents;
  for (const [key, events] of byKey) {
    const folded = foldDocument(projection, stored.get(key), events, assertStorable);
    if (folded.after) documents.set(key, folded.after);
    if (folded.fault) quarantined.push({ key, ...folded.fault });
  }
  return { projection, documents, quarantined, checkpoint };
}

/** The checkpoint of a projection that has seen all events up to this one. */
export function checkpointAfter({ position, id }: Recorded<Event>): Checkpoint {
  return { position, eventId: id };
}

/** The checkpoint of a projection that stops at an event: just before it, and never behind its present checkpoint. */
function endBefore(events: readonly Recorded[], at: number, checkpoint: Checkpoint): Checkpoint {
  const before = events[at - 1];
  return before && before.position > checkpoint.position ? checkpointAfter(before) : checkpoint;
}
