import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/event-store.js';
import { Scope } from '../../../src/event-store/eventstoredb/scope.js';
import { TcpProxy } from '../../tcp-proxy.js';
import { connectStore } from './eventstoredb-log.js';
import { QUICK_RECOVERY } from './faulty-log.js';
import { realHost } from './real-or-test-server.js';
import { TestServer } from './test-server/test-server.js';

/** An EventStoreDB behind a network that can fail: a real one when ESDB_URL allows a proxy before it. */
export interface FailingNetwork {
  readonly proxy: TcpProxy;
  /** Opens a store on the test's own streams, through the network. */
  open(): EventStoreDBEventStore;
  close(): Promise<void>;
}

export async function openFailingNetwork(): Promise<FailingNetwork> {
  const real = realHost();
  const own = real ? undefined : await TestServer.start();
  const proxy = await TcpProxy.to(real?.port ?? own?.port ?? 0, real?.address);
  const scope = new Scope(`test-${crypto.randomUUID()}/`);
  const opened: EventStoreDBEventStore[] = [];
  return {
    proxy,
    open() {
      const store = connectStore(`esdb://127.0.0.1:${proxy.port}?tls=false`, undefined, { ...QUICK_RECOVERY, scope });
      opened.push(store);
      return store;
    },
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await proxy.close();
      await own?.stop();
    },
  };
}
