import { type Recorded, START } from '../../src/event-store/event.js';
import { BatchFold } from '../../src/read-models/projecting/batch-fold.js';
import type { Projection } from '../../src/read-models/projection.js';
import type { Stored } from '../../src/read-models/read-models.js';

/**
 * Folds events from the beginning of a log into documents.
 * @param before existing documents, with the position up to which they include the log
 */
export async function foldEvents(projection: Projection, events: readonly Recorded[], before: ReadonlyMap<string, Stored> = new Map()) {
  const build = { projection, checkpoint: { position: START }, quarantined: new Set<string>() };
  const page = { events, position: events.at(-1)?.position ?? START, end: true };
  const { batches } = await new BatchFold([projection]).fold([build], page, async () => before);
  return new Map([...before, ...(batches[0]?.documents ?? [])]);
}
