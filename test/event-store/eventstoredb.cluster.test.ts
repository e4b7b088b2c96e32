import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/append.js';
import type { EventStoreDBEventStore } from '../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { until } from '../until.js';
import { IMPATIENT, QUICK } from './eventstoredb/faulty-log.js';
import { TestServer } from './eventstoredb/test-server.js';
import { connect } from './eventstoredb-log.js';
import { numbersOf, subscribed, tested } from './test-events.js';

describe('A cluster of EventStoreDB', () => {
  let nodes: readonly [TestServer, TestServer, TestServer];
  let store: EventStoreDBEventStore | undefined;
  beforeEach(async () => {
    nodes = await TestServer.cluster();
  });
  afterEach(async () => {
    await store?.close();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const all = () => `esdb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`;
  const append = (n: number) => store?.append([{ stream: { name: 's' }, expected: n === 0 ? 'no_stream' : n - 1, events: [tested(n)] }]);
  /** All that was recorded is on every node; another leads from now on. */
  const elect = (leader: TestServer) => {
    for (const node of nodes) node.leader = node === leader ? undefined : leader;
  };

  it.each<[string, () => string]>([
    ['the addresses of all nodes', all],
    ['the address of a node that follows', () => `esdb://127.0.0.1:${nodes[2].port}?tls=false`],
    ['the name under which all are found', () => `esdb+discover://localhost:${nodes[1].port}?tls=false`],
  ])('is written to and read from at its leader, found by %s', async (_, url) => {
    store = connect(url(), undefined, QUICK);
    expect(await append(0)).toMatchObject([{ revision: 0 }]);
    expect(numbersOf((await store.streams(['s']))[0] ?? [])).toEqual([0]);
    expect(nodes.map(({ appending }) => appending.received.length)).toEqual([1, 0, 0]);
  });

  it.each<[string, () => string]>([
    ['the addresses of all nodes', all],
    ['the address of one', () => `esdb://127.0.0.1:${nodes[0].port}?tls=false`],
  ])('is followed to its new leader, by %s, with appends, reads and subscriptions', async (_, url) => {
    store = connect(url(), undefined, QUICK);
    const subscription = subscribed(store);
    for (let n = 0; n < 6; n++) {
      expect(await append(n)).toMatchObject([{ revision: n }]);
      await subscription.until(n + 1);
      elect(nodes[(n + 1) % 3] as TestServer);
      expect(numbersOf((await store.streams(['s']))[0] ?? [])).toHaveLength(n + 1);
    }
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(nodes.map(({ appending }) => appending.received.length)).toEqual([2, 2, 2]);
  });

  it('goes on when its leader dies and another is elected', async () => {
    store = connect(all(), undefined, QUICK);
    const subscription = subscribed(store);
    await append(0);
    await subscription.until(1);
    await nodes[0].stop();
    const appending = append(1);
    await until('it was refused somewhere', () => nodes[1].asked > 0 || nodes[2].asked > 0);
    elect(nodes[1]);
    expect(await appending).toMatchObject([{ revision: 1 }]);
    await subscription.until(2);
    await subscription.stop();
    expect(nodes[1].appending.received.length).toBeGreaterThan(0);
  });

  it('is not there when it has no leader: try again', async () => {
    for (const node of nodes) node.notReady = true;
    store = connect(`${all()}&maxDiscoverAttempts=1&discoveryInterval=10`, undefined, IMPATIENT);
    await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
    for (const node of nodes) node.notReady = false;
    expect(await append(0)).toMatchObject([{ revision: 0 }]);
  });
});
