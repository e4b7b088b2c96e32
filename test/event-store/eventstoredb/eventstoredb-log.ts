import { type Position, START } from '../../../src/event-store/event.js';
import type { EventTypes } from '../../../src/event-store/event-types.js';
import { EventStoreDBEventStore, type EventStoreDBOptions } from '../../../src/event-store/eventstoredb/event-store.js';
import { parseEventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';
import type { OpenedLog } from '../opened-log.js';
import { readAll, testEvents } from '../test-events.js';
import { TestServer } from './test-server/test-server.js';

export interface OpenedEventStoreDBLog extends OpenedLog {
  readonly store: EventStoreDBEventStore;
  readonly server: TestServer;
}

/** Opens a store on the log at a URL. A candidate's streams are looked up in the events after a position. */
export function connectStore(url: string, types: EventTypes = testEvents, options: EventStoreDBOptions = {}, from: Position = START): EventStoreDBEventStore {
  const address = parseEventStoreUrl(url, { production: false });
  const store: EventStoreDBEventStore = new EventStoreDBEventStore(
    address,
    types,
    async (subject) => [...new Set((await readAll(store, undefined, 1_000, from)).filter((event) => event.subject === subject).map(({ stream }) => stream))],
    { subscriptionIdle: 20, ...options },
  );
  return store;
}

/** A log in its own in-process EventStoreDB. */
export async function openEventStoreDBLog(options?: EventStoreDBOptions): Promise<OpenedEventStoreDBLog> {
  const server = await TestServer.start();
  const url = `esdb://127.0.0.1:${server.port}?tls=false`;
  const opened: EventStoreDBEventStore[] = [];
  const open = (types?: EventTypes) => {
    const store = connectStore(url, types, options);
    opened.push(store);
    return store;
  };
  const closeAll = async () => {
    await Promise.all(opened.map((store) => store.close()));
  };
  return {
    server,
    store: open(),
    second: async (types) => open(types),
    async reopen() {
      await closeAll();
      return open();
    },
    async close() {
      await closeAll();
      await server.stop();
    },
  };
}
