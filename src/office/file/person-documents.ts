import type { Recorded } from '../../event-store/event.js';
import { EventRouting, keyOf } from '../../read-models/projecting/event-routing.js';
import { foldDocument } from '../../read-models/projecting/fold-document.js';
import type { Projection } from '../../read-models/projection.js';
import type { Quarantined } from '../../read-models/read-models.js';

/** A document of a read model that a candidate's events make, alone or with events of others. */
export interface PersonDocument {
  readonly projection: Projection;
  readonly key: string;
  /** The candidate's events of it, in the log's order. */
  readonly events: readonly Recorded[];
}

/** Every document that some of the events are of, in the order of the read models. */
export function documentsOf(events: readonly Recorded[], projections: readonly Projection[]): readonly PersonDocument[] {
  const found = new Map<string, { readonly projection: Projection; readonly key: string; readonly events: Recorded[] }>();
  const routing = new EventRouting(projections);
  for (const event of events) {
    for (const place of routing.projectionsOf(event)) {
      const projection = projections[place];
      const key = projection && keyOf(projection, event);
      if (!projection || key === undefined) continue;
      const known = found.get(`${place} ${key}`);
      if (known) known.events.push(event);
      else found.set(`${place} ${key}`, { projection, key, events: [event] });
    }
  }
  return [...found].toSorted(([one], [other]) => Number.parseInt(one, 10) - Number.parseInt(other, 10)).map(([, document]) => document);
}

/** The document after the first so many of its events, by the code that projects it; null where there is none. */
export function documentAfter(
  { projection, events }: PersonDocument,
  count: number,
): { readonly document: unknown; readonly fault?: Omit<Quarantined, 'key'> } {
  const { after, fault } = foldDocument(projection, undefined, events.slice(0, count));
  return { document: after?.document ?? null, ...(fault && { fault }) };
}
