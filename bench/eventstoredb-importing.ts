import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventStoreDBClient, type JSONType, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { knownEvents } from '../src/composition/known/events.js';
import { type Recorded, START } from '../src/event-store/event.js';
import { EventStoreDBEventStore } from '../src/event-store/eventstoredb/event-store.js';
import { Scope } from '../src/event-store/eventstoredb/scope.js';
import { parseEventStoreUrl } from '../src/event-store/eventstoredb/url.js';
import { inParallel } from '../src/kernel/in-parallel.js';
import { type ImportRun, importFolder, server } from './processes.js';

const IN_FLIGHT = 32;
const PAGE = 1_000;

/** The log into which a batch was imported, on a server with other logs. */
export interface ImportedLog extends ImportRun {
  /** The prefix of its streams' names. */
  readonly prefix: string;
}

/** Imports the folder `batch` of a folder by the command line, into its own log. @param program the command line of another build */
export async function importInto(url: string, folder: string, program?: string): Promise<ImportedLog> {
  const prefix = `import${randomUUID().slice(0, 8)}/`;
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const settings = { NODE_ENV: 'development', EVENT_STORE_URL: url, EVENT_STREAM_PREFIX: prefix, NEW_INSTALLATION: prefix }; // in production it would need TLS
  const took = await importFolder(join(folder, 'batch'), dataDir, settings, program);
  await rm(dataDir, { recursive: true });
  return { prefix, ...took };
}

/** The same into a test server of its own, for releases without prefixes, which need a server of their own. */
export async function importIntoOwnServer(folder: string, program?: string): Promise<number> {
  const { address, stop } = await server(new URL('./eventstoredb.server.js', import.meta.url), folder);
  const { seconds } = await importInto(address, folder, program);
  await stop();
  return seconds;
}

/** The imported events by stream. */
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

/** Appends the same events by the client alone, one append for each stream. */
export async function appendByClient(client: EventStoreDBClient, streams: readonly (readonly Recorded[])[]): Promise<void> {
  const prefix = `alone${randomUUID().slice(0, 8)}/`;
  await inParallel(streams, IN_FLIGHT, async (events) => {
    const proposed = events.map(({ type, data, metadata }) => jsonEvent({ id: randomUUID(), type, data: data as JSONType, metadata: { ...metadata } }));
    await client.appendToStream(prefix + events[0]?.stream, proposed, { expectedRevision: NO_STREAM });
  });
}
