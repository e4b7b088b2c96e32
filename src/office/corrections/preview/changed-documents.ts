import type { Position, Recorded } from '../../../event-store/event.js';
import { type ChangedField, changedFields } from '../../../read-models/differences/changed-fields.js';
import { EventRouting, keyOf } from '../../../read-models/projecting/event-routing.js';
import type { Projection } from '../../../read-models/projection.js';
import { PartitionFold } from '../../../read-models/rebuilding/partition-fold.js';

/** A document that events about a candidate belong to, before and after them; null where there is none. */
export interface ChangedDocument {
  readonly readModel: string;
  readonly version: number;
  readonly key: string;
  /** Of the last event that it had seen before; undefined where it had seen none. */
  readonly position: Position | undefined;
  readonly before: unknown;
  readonly after: unknown;
  readonly fields: readonly ChangedField[];
  /** Why it cannot take an event, where it cannot: it would be quarantined. */
  readonly fault?: string;
}

/**
 * The documents of a candidate before and after the last of its events, by the real projections. An event about a candidate belongs to
 * documents that take no events about others.
 * @param history all events about the candidate, in order
 * @param upTo the last position before those that change something
 */
export function changedDocuments(projections: readonly Projection[], history: readonly Recorded[], upTo: Position): readonly ChangedDocument[] {
  const appended = history.filter(({ position }) => position > upTo);
  const touched = touchedKeys(projections, appended);
  const chosen = [...touched.keys()];
  const part = { isIncluded: (key: string, place: number) => touched.get(chosen[place] as Projection)?.has(key) ?? false };
  const before = new PartitionFold(chosen, { ...part, bounds: chosen.map(() => upTo) });
  const after = new PartitionFold(chosen, { ...part, bounds: chosen.map(() => undefined) });
  for (const event of history) {
    before.take(event);
    after.take(event);
  }
  return chosen.flatMap((projection, place) =>
    [...(touched.get(projection) ?? [])].sort().map((key) => {
      const was = before.of(place).get(key);
      const is = after.of(place).get(key);
      const { name: readModel, version, empty } = projection;
      const fault = after.quarantined(place).find((each) => each.key === key)?.error;
      const [documentBefore, documentAfter] = [was?.document ?? null, is?.document ?? null];
      const fields = changedFields(documentBefore ?? empty, documentAfter ?? empty);
      return { readModel, version, key, position: was?.position, before: documentBefore, after: documentAfter, fields, ...(fault !== undefined && { fault }) };
    }),
  );
}

function touchedKeys(projections: readonly Projection[], events: readonly Recorded[]): ReadonlyMap<Projection, ReadonlySet<string>> {
  const routing = new EventRouting(projections);
  const touched = new Map<Projection, Set<string>>();
  for (const event of events) {
    for (const place of routing.projectionsOf(event)) {
      const projection = projections[place] as Projection;
      const key = keyOf(projection, event);
      if (key === undefined) continue;
      const keys = touched.get(projection) ?? new Set();
      touched.set(projection, keys.add(key));
    }
  }
  return touched;
}
