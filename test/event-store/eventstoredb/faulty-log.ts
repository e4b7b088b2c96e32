import type { EventStoreDBEventStore, EventStoreDBOptions } from '../../../src/event-store/eventstoredb/event-store.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { until } from '../../until.js';
import { connectStore } from './eventstoredb-log.js';
import { TcpProxy } from './tcp-proxy.js';
import { TestServer } from './test-server.js';

/** Limits with which faults are noticed and mended within a test. A machine that is slow makes calls that are tried again, never one that fails. */
export const QUICK_RECOVERY: EventStoreDBOptions = { inactivity: 1_000, retrying: 120_000, retryDelays: [1, 20], subscriptionIdle: 20 };
/** Where nothing hangs and calls are counted: a call that is only slow is not made again. */
export const LONG_INACTIVITY: EventStoreDBOptions = { ...QUICK_RECOVERY, inactivity: 120_000 };
/** Limits with which a fault that lasts is soon said to be one. What is to be done, not refused, is asked for with `served`. */
export const SHORT_RETRIES: EventStoreDBOptions = { ...QUICK_RECOVERY, retrying: 50 };

/** What a call comes to that is made again as long as it says to try again. */
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
