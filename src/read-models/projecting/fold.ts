import type { Event, Recorded } from '../../event-store/event.js';
import type { Page } from '../../event-store/event-store.js';
import type { Projection } from '../projection.js';
import type { Checkpoint, ProjectedBatch, Quarantined, Stored } from '../read-models.js';
import { Concerned, keyOf, NobodyKnowsWhose } from './concerned.js';
import { foldDocument } from './fold-document.js';

/** Where a projection stands in the log. */
export interface ProjectionStatus {
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
  readonly statuses: readonly ProjectionStatus[];
}

/** The documents of these keys as they are before the batch, tombstones included; they belong to the fold, which changes them. */
export type Load = (projection: Projection, keys: readonly string[]) => Promise<ReadonlyMap<string, Stored>>;

/** The events of one batch by the document that they belong to, for one projection. */
interface Sorted {
  readonly status: ProjectionStatus;
  readonly byKey: Map<string, Recorded[]>;
  end: Checkpoint;
  stopped?: string;
}

/**
 * Folds batches of the log into documents: in memory, each document loaded once and handed back once. Whatever an event
 * has been folded into knows it by its position, so that any repeat is harmless.
 */
export class Folding {
  private readonly concerned: Concerned;

  constructor(projections: readonly Projection[]) {
    this.concerned = new Concerned(projections);
  }

  /** Every event type that some projection handles. */
  get types(): readonly string[] {
    return this.concerned.types;
  }

  /** @param statuses in the order of the projections given at first */
  async fold(statuses: readonly ProjectionStatus[], page: Page, load: Load): Promise<Folded> {
    const sorted = this.sort(statuses, page);
    const batches: ProjectedBatch[] = [];
    const after: ProjectionStatus[] = [];
    for (const each of sorted) {
      const { status, byKey, end, stopped } = each;
      if (end.position <= status.checkpoint.position) {
        after.push(stopped === undefined ? status : { ...status, stopped });
        continue;
      }
      const batch = await foldDocuments(status.projection, byKey, end, load);
      const quarantined = batch.quarantined.length > 0 ? new Set([...status.quarantined, ...batch.quarantined.map(({ key }) => key)]) : status.quarantined;
      batches.push(batch);
      after.push({ projection: status.projection, checkpoint: end, quarantined, ...(stopped !== undefined && { stopped }) });
    }
    return { batches, statuses: after };
  }

  private sort(statuses: readonly ProjectionStatus[], { events, position }: Page): readonly Sorted[] {
    const last = events.at(-1);
    const end = last?.position === position ? checkpointAt(last) : { position };
    const sorted = statuses.map((status): Sorted => ({ status, byKey: new Map(), end: status.stopped === undefined ? end : status.checkpoint }));
    for (let at = 0; at < events.length; at++) {
      const event = events[at] as Recorded;
      for (const place of this.concerned.by(event)) {
        const { status, byKey, stopped } = sorted[place] as Sorted;
        if (stopped !== undefined || status.stopped !== undefined || event.position <= status.checkpoint.position) continue;
        const { projection, quarantined } = status;
        let key: string | undefined;
        try {
          key = keyOf(projection, event);
        } catch (error) {
          if (!(error instanceof NobodyKnowsWhose)) throw error;
          Object.assign(sorted[place] as Sorted, { stopped: error.message, end: endBefore(events, at, status.checkpoint) });
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

/** Where a projection stands that has seen all up to an event. */
export function checkpointAt({ position, id }: Recorded<Event>): Checkpoint {
  return { position, eventId: id };
}

/** Where a projection is left that stops at an event: just before it, and never behind where it was. */
function endBefore(events: readonly Recorded[], at: number, checkpoint: Checkpoint): Checkpoint {
  const before = events[at - 1];
  return before && before.position > checkpoint.position ? checkpointAt(before) : checkpoint;
}
