import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../../src/event-store/event-store.js';
import type { EventTypes } from '../../../src/event-store/event-types.js';
import { Scope } from '../../../src/event-store/eventstoredb/scope.js';
import type { OpenedLog } from '../opened-log.js';
import { testEvent, testEvents } from '../test-events.js';
import { connectStore } from './eventstoredb-log.js';
import { LogTail } from './log-tail.js';

const IMAGE = 'eventstore/eventstore:22.10.5-bookworm-slim';

/** The URL of a real EventStoreDB: ESDB_URL, or a container that ends with the tests; undefined where there is neither. */
export async function realServer(): Promise<string | undefined> {
  return process.env.ESDB_URL || (await inContainer());
}

async function inContainer(): Promise<string | undefined> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch (error) {
    if (error instanceof Error && error.message.includes('container runtime')) return undefined;
    throw error;
  }
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_MEM_DB: 'true', EVENTSTORE_CLUSTER_SIZE: '1' })
    .withExposedPorts(2113)
    .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
    .start();
  return `esdb://${container.getHost()}:${container.getMappedPort(2113)}?tls=false`;
}

/** A log of its own within a server that holds others. */
export async function openWithin(url: string): Promise<OpenedLog> {
  const scope = new Scope(`test-${randomUUID()}/`);
  const opened: EventStore[] = [];
  const first = connectStore(url, testEvents, { scope });
  await first.append([{ stream: { name: 'begins' }, expected: 'no_stream', events: [testEvent(0)] }]);
  const begins = await first.head();
  await first.close();
  const open = (types: EventTypes = testEvents) => {
    const store = new LogTail(connectStore(url, types, { scope }, begins), begins);
    opened.push(store);
    return store;
  };
  const closeAll = async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  };
  return {
    store: open(),
    second: async (types) => open(types),
    async reopen() {
      await closeAll();
      return open();
    },
    close: closeAll,
  };
}
