import { type Recorded, START } from '../../src/event-store/event.js';
import { BatchFold } from '../../src/read-models/projecting/batch-fold.js';
import type { Projection } from '../../src/read-models/projection.js';
import type { Stored } from '../../src/read-models/read-models.js';

/**
 * What events from the beginning of a log come to, in one fold.
 * @param before documents that are there already, with the position up to which they have seen the log
 */
export async function told(projection: Projection, events: readonly Recorded[], before: ReadonlyMap<string, Stored> = new Map()) {
  const standing = { projection, checkpoint: { position: START }, quarantined: new Set<string>() };
  const page = { events, position: events.at(-1)?.position ?? START, end: true };
  const { batches } = await new BatchFold([projection]).fold([standing], page, async () => before);
  return new Map([...before, ...(batches[0]?.documents ?? [])]);
}
