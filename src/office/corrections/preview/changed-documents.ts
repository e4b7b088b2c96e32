import type { Position, Recorded } from '../../../event-store/event.js';
import { type ChangedField, changedFields } from '../../../read-models/differences/changed-fields.js';
import { EventRouting, keyOf } from '../../../read-models/projecting/event-routing.js';
import { foldDocument } from '../../../read-models/projecting/fold-document.js';
import type { Projection } from '../../../read-models/projection.js';

/** A document that events about a candidate belong to; null where there is none. */
export interface FoldedDocument {
  readonly readModel: string;
  readonly version: number;
  readonly key: string;
  readonly after: unknown;
  /** Why it cannot take an event, where it cannot: it would be quarantined. */
  readonly fault?: string;
}

/** The same before and after some events. */
export interface ChangedDocument extends FoldedDocument {
  /** Of the last event that it had seen before; undefined where it had seen none. */
  readonly position: Position | undefined;
  readonly before: unknown;
  readonly fields: readonly ChangedField[];
}

/** The events of a document, in order, and how many of them it has seen before. */
interface OfDocument {
  readonly projection: Projection;
  readonly key: string;
  readonly events: readonly Recorded[];
  readonly seen: number;
}

/**
 * The documents of a candidate that its last events change, by the real projections. An event about a candidate belongs to documents that
 * take no events about others.
 */
export class CandidateDocuments {
  private readonly routing: EventRouting;

  constructor(private readonly projections: readonly Projection[]) {
    this.routing = new EventRouting(projections);
  }

  /**
   * Before and after those events.
   * @param history all events about the candidate, in order
   * @param upTo the last position before those that change something
   */
  changed(history: readonly Recorded[], upTo: Position): readonly ChangedDocument[] {
    return this.touched(history, upTo).map(({ projection, key, events, seen }) => {
      const before = foldDocument(projection, undefined, events.slice(0, seen)).after;
      const { after, fault } = foldDocument(projection, structuredClone(before), events.slice(seen));
      const [documentBefore, documentAfter] = [before?.document ?? null, (after ?? before)?.document ?? null];
      const fields = changedFields(documentBefore ?? projection.empty, documentAfter ?? projection.empty);
      return { ...shown(projection, key, documentAfter, fault), position: before?.position, before: documentBefore, fields };
    });
  }

  /** As they are after those events, folded from nothing. */
  afresh(history: readonly Recorded[], upTo: Position): readonly FoldedDocument[] {
    return this.touched(history, upTo).map(({ projection, key, events }) => {
      const { after, fault } = foldDocument(projection, undefined, events);
      return shown(projection, key, after?.document ?? null, fault);
    });
  }

  /** Documents with an event after the position, by the order of the projections and of their keys. */
  private touched(history: readonly Recorded[], upTo: Position): readonly OfDocument[] {
    const byPlace = this.projections.map(() => new Map<string, { readonly events: Recorded[]; seen: number }>());
    for (const event of history) {
      for (const place of this.routing.projectionsOf(event)) {
        const key = keyOf(this.projections[place] as Projection, event);
        if (key === undefined) continue;
        const documents = byPlace[place] as Map<string, { readonly events: Recorded[]; seen: number }>;
        const known = documents.get(key) ?? { events: [], seen: 0 };
        documents.set(key, known);
        known.events.push(event);
        if (event.position <= upTo) known.seen = known.events.length;
      }
    }
    return byPlace.flatMap((documents, place) =>
      [...documents]
        .filter(([, { events, seen }]) => seen < events.length)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, found]) => ({ projection: this.projections[place] as Projection, key, ...found })),
    );
  }
}

function shown({ name: readModel, version }: Projection, key: string, after: unknown, fault: { readonly error: string } | undefined): FoldedDocument {
  return { readModel, version, key, after, ...(fault && { fault: fault.error }) };
}
