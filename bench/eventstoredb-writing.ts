import { randomUUID } from 'node:crypto';
import { type EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { type EventToAppend, RevisionConflict } from '../src/event-store/append.js';
import type { EventStore } from '../src/event-store/event-store.js';

/** The shape of a load of appends: how many at a time, each to its own stream, and of how many events. */
export interface Shape {
  readonly inFlight: number;
  readonly events: number;
  readonly appends: number;
}

export const SHAPES: readonly Shape[] = [
  { inFlight: 1, events: 1, appends: 600 },
  { inFlight: 32, events: 1, appends: 2_500 },
  { inFlight: 128, events: 1, appends: 3_500 },
  { inFlight: 1, events: 50, appends: 120 },
];

const metadata = { command: randomUUID(), correlation: randomUUID(), by: 'import', origin: 'import' as const };
const data = { candidateId: randomUUID(), period: '2610', course: '09001', unit: 'A' };

/** Appends by the adapter. */
export async function writeOurs(store: EventStore, shape: Shape): Promise<void> {
  await inLanes(shape, async (name, last) => {
    const events = Array.from({ length: shape.events }, (): EventToAppend => ({ id: randomUUID(), type: 'CourseEnrolled', data, metadata }));
    const [answer] = await store.append([{ stream: { name }, expected: last < 0 ? 'no_stream' : last, events }]);
    if (!answer || answer instanceof RevisionConflict) throw answer;
    return answer.revision;
  });
}

/** Appends by the client as its documentation shows, in batches by default. */
export async function writeByClient(client: EventStoreDBClient, shape: Shape): Promise<void> {
  const kept = { $causationId: metadata.command, $correlationId: metadata.correlation, by: metadata.by, origin: metadata.origin, version: 1 };
  await inLanes(shape, async (name, last) => {
    const events = Array.from({ length: shape.events }, () => jsonEvent({ id: randomUUID(), type: 'CourseEnrolled', data, metadata: kept }));
    const { nextExpectedRevision } = await client.appendToStream(name, events, { expectedRevision: last < 0 ? NO_STREAM : BigInt(last) });
    return Number(nextExpectedRevision);
  });
}

/** Concurrent lanes, each of which appends to one new stream after another. */
async function inLanes({ inFlight, appends }: Shape, append: (stream: string, last: number) => Promise<number>): Promise<void> {
  let begun = 0;
  const lane = async () => {
    const stream = `enrolment-${randomUUID()}`;
    for (let last = -1; begun < appends; ) {
      begun += 1;
      last = await append(stream, last);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
