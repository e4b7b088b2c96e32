import type { Recorded } from '../event-store/event.js';
import { messageOf } from './concerned.js';
import type { Projection } from './projection.js';
import type { Quarantined, Stored } from './read-models.js';

/** What events come to for one document. */
export interface FoldedDocument {
  /** The document afterwards, undefined when it had seen all of them. */
  readonly after?: Stored;
  /** The event that it could not take, before which it stays. */
  readonly fault?: Omit<Quarantined, 'key'>;
}

/** The document after those of the events that it has not seen. */
export function foldDocument(projection: Projection, before: Stored | undefined, events: readonly Recorded[]): FoldedDocument {
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
