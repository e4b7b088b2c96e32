import type { EventStoreDBEventStore, EventStoreDBOptions } from '../../../src/event-store/eventstoredb/event-store.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { TcpProxy } from '../../tcp-proxy.js';
import { until } from '../../until.js';
import { connectStore } from './eventstoredb-log.js';
import { TestServer } from './test-server/test-server.js';

/** Timeouts with which faults are recovered from within a test. On a slow machine calls are retried and do not fail. */
export const QUICK_RECOVERY: EventStoreDBOptions = { inactivity: 1_000, retrying: 120_000, retryDelays: [1, 20], subscriptionIdle: 20 };
/** For tests that count calls: a slow call is not repeated. */
export const LONG_INACTIVITY: EventStoreDBOptions = { ...QUICK_RECOVERY, inactivity: 120_000 };
/** Timeouts with which a lasting fault is soon reported. Use `retried` for calls that must succeed. */
export const SHORT_RETRIES: EventStoreDBOptions = { ...QUICK_RECOVERY, retrying: 50 };

/** The result of a call that is repeated while it is StoreUnavailable. */
export function retried<T extends object | string>(what: string, call: () => Promise<T>): Promise<T> {
  return until(what, async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  });
}

/** A server behind a network that can fail. */
export interface FaultyLog {
  readonly server: TestServer;
  readonly proxy: TcpProxy;
  readonly url: string;
  /** Opens a store that reaches the server through the network. */
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
    open(options = QUICK_RECOVERY) {
      const store = connectStore(url, undefined, options);
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
