import type { EventStoreDBEventStore, EventStoreDBOptions } from '../../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { connect } from '../eventstoredb-log.js';
import { TcpProxy } from './tcp-proxy.js';
import { TestServer } from './test-server.js';

/** Limits with which faults are noticed and mended within a test. */
export const QUICK: EventStoreDBOptions = { silence: 1_000, retries: 20_000, pauses: [1, 20], idle: 20 };
/** Limits with which a fault that lasts is soon said to be one. */
export const IMPATIENT: EventStoreDBOptions = { ...QUICK, retries: 50 };

/** A server behind a network that can fail. */
export interface FaultyLog {
  readonly server: TestServer;
  readonly proxy: TcpProxy;
  readonly url: string;
  /** A store that reaches the server through the network. */
  open(options?: EventStoreDBOptions): EventStoreDBEventStore;
  close(): Promise<void>;
}

export async function openFaultyLog(): Promise<FaultyLog> {
  const server = await TestServer.start();
  const proxy = await TcpProxy.to(server.port);
  const url = `esdb://127.0.0.1:${proxy.port}?tls=false`;
  const opened: EventStoreDBEventStore[] = [];
  return {
    server,
    proxy,
    url,
    open(options = QUICK) {
      const store = connect(url, undefined, options);
      opened.push(store);
      return store;
    },
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await proxy.close();
      await server.stop();
    },
  };
}
