import { expect } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import { BatchFold, type ProjectionStatus } from '../../src/read-models/projecting/batch-fold.js';
import type { Projection } from '../../src/read-models/projection.js';
import { MemoryEventStore, type Told } from '../read-models/memory.event-store.js';

/** The events that a projection handles, with their data as its module declares them. */
type Handled<P> = P extends Projection<infer _, infer E> ? E & Pick<Told, 'subject' | 'recordedAt'> : never;

/**
 * The documents that events come to, by key, as they are stored (JSON). Events are frozen: a handler that
 * changes one throws, and that fails the test as any event does that no handler can take.
 */
export async function projected<P extends Projection>(projection: P, events: readonly Handled<P>[]): Promise<Record<string, unknown>> {
  const { documents, quarantined } = await folded(projection, events);
  expect(quarantined).toEqual([]);
  return documents;
}

/** The message with which a handler refuses the last of these events. */
export async function refused<P extends Projection>(projection: P, events: readonly Handled<P>[]): Promise<string | undefined> {
  return (await folded(projection, events)).quarantined[0]?.error;
}

async function folded(given: Projection, told: readonly Told[]) {
  const log = new MemoryEventStore();
  log.tell(told.map((event) => frozen(JSON.parse(JSON.stringify(event)))));
  const projection = { ...given, empty: frozen(given.empty) };
  const status: ProjectionStatus = { projection, checkpoint: { position: START }, quarantined: new Set() };
  const { batches, statuses } = await new BatchFold([projection]).fold([status], await log.read(START, 1_000), async () => new Map());
  expect(statuses[0]?.stopped).toBeUndefined();
  const documents = [...(batches[0]?.documents ?? [])].filter(([, { document }]) => document !== null);
  return {
    documents: Object.fromEntries(documents.map(([key, { document }]) => [key, JSON.parse(JSON.stringify(document))])) as Record<string, unknown>,
    quarantined: batches[0]?.quarantined ?? [],
  };
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(Object.freeze(value))) frozen(each);
  return value;
}
