import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventStoreDBClient, type JSONType, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { knownEvents } from '../src/composition/known-events.js';
import { type Recorded, START } from '../src/event-store/event.js';
import { EventStoreDBEventStore } from '../src/event-store/eventstoredb/event-store.js';
import { Scope } from '../src/event-store/eventstoredb/scope.js';
import { parseEventStoreUrl } from '../src/event-store/eventstoredb/url.js';
import { inParallel } from '../src/kernel/in-parallel.js';
import { type Imported, imported, server } from './processes.js';

const IN_FLIGHT = 32;
const PAGE = 1_000;

/** A log that a batch was imported into, among others on the same server. */
export interface ImportedLog extends Imported {
  /** What the names of its streams begin with. */
  readonly prefix: string;
}

/** Imports the folder `batch` of a folder by the command line, into a log of its own. @param program of another build than this */
export async function importInto(url: string, folder: string, program?: string): Promise<ImportedLog> {
  const prefix = `import${randomUUID().slice(0, 8)}/`;
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const settings = { NODE_ENV: 'development', EVENT_STORE_URL: url, EVENT_STREAM_PREFIX: prefix, NEW_INSTALLATION: prefix }; // in production it would need TLS
  const took = await imported(join(folder, 'batch'), dataDir, settings, program);
  await rm(dataDir, { recursive: true });
  return { prefix, ...took };
}

/** The same into a server of the tests of its own: releases before prefixes have no log of their own on one that others use. */
export async function importAlone(folder: string, program?: string): Promise<number> {
  const { address, stop } = await server(new URL('./eventstoredb.server.js', import.meta.url), folder);
  const { seconds } = await importInto(address, folder, program);
  await stop();
  return seconds;
}

/** What was imported, stream by stream. */
export async function streamsOf(url: string, { prefix }: ImportedLog): Promise<readonly (readonly Recorded[])[]> {
  const store = new EventStoreDBEventStore(parseEventStoreUrl(url, { production: false }), knownEvents, async () => [], { scope: new Scope(prefix) });
  try {
    const events: Recorded[] = [];
    for (let position = START, end = false; !end; ) {
      const page = await store.read(position, PAGE);
      events.push(...page.events);
      ({ position, end } = page);
    }
    return [...Map.groupBy(events, ({ stream }) => stream).values()];
  } finally {
    await store.close();
  }
}

/** The same events through the client alone, each stream in one append. */
export async function appendAlone(client: EventStoreDBClient, streams: readonly (readonly Recorded[])[]): Promise<void> {
  const prefix = `alone${randomUUID().slice(0, 8)}/`;
  await inParallel(streams, IN_FLIGHT, async (events) => {
    const proposed = events.map(({ type, data, metadata }) => jsonEvent({ id: randomUUID(), type, data: data as JSONType, metadata: { ...metadata } }));
    await client.appendToStream(prefix + events[0]?.stream, proposed, { expectedRevision: NO_STREAM });
  });
}
