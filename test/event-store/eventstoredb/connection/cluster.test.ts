import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { START } from '../../../../src/event-store/event.js';
import type { EventStoreDBEventStore } from '../../../../src/event-store/eventstoredb/event-store.js';
import { StoreUnavailable } from '../../../../src/kernel/store-unavailable.js';
import { until } from '../../../until.js';
import { numbersOf, subscribed, testEvent } from '../../test-events.js';
import { connectStore } from '../eventstoredb-log.js';
import { LONG_INACTIVITY, QUICK_RECOVERY, retried, SHORT_RETRIES } from '../faulty-log.js';
import { type ClusterNode, TestCluster } from '../test-server/test-cluster.js';

describe('A cluster of EventStoreDB', () => {
  let cluster: TestCluster;
  let nodes: readonly ClusterNode[];
  let store: EventStoreDBEventStore | undefined;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    nodes = cluster.nodes;
  });
  afterEach(async () => {
    await store?.close();
    await cluster.close();
  });

  const all = () => cluster.url;
  const at = (which: number) => nodes[which] as ClusterNode;
  const append = (n: number) => store?.append([{ stream: { name: 's' }, expected: n === 0 ? 'no_stream' : n - 1, events: [testEvent(n)] }]);
  it.each<[string, () => string]>([
    ['the addresses of all nodes', all],
    ['the address of a node that follows', () => `esdb://127.0.0.1:${at(2).port}?tls=false`],
    ['the name under which all are found', () => `esdb+discover://localhost:${at(1).port}?tls=false`],
  ])('A cluster of EventStoreDB is written to and read from at its leader, which is found by %s', async (_, url) => {
    store = connectStore(url(), undefined, LONG_INACTIVITY);
    expect(await append(0)).toMatchObject([{ revision: 0 }]);
    expect(numbersOf((await store.streams(['s']))[0] ?? [])).toEqual([0]);
    expect(nodes.map(({ server }) => server.appending.received.length)).toEqual([1, 0, 0]);
  });

  it.each<[string, () => string]>([
    ['the addresses of all nodes', all],
    ['the address of one', () => `esdb://127.0.0.1:${at(0).port}?tls=false`],
  ])('A cluster of EventStoreDB is followed to its new leader, by %s, with appends, reads and subscriptions', async (_, url) => {
    store = connectStore(url(), undefined, LONG_INACTIVITY);
    const subscription = subscribed(store);
    for (let n = 0; n < 6; n++) {
      expect(await append(n)).toMatchObject([{ revision: n }]);
      await subscription.until(n + 1);
      cluster.elect(at((n + 1) % 3));
      expect(numbersOf((await store.streams(['s']))[0] ?? [])).toHaveLength(n + 1);
    }
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(nodes.map(({ server }) => server.appending.received.length)).toEqual([2, 2, 2]);
  });

  it('A cluster of EventStoreDB stays usable when its leader dies and another is elected', async () => {
    store = connectStore(all(), undefined, QUICK_RECOVERY);
    const subscription = subscribed(store);
    await append(0);
    await subscription.until(1);
    await at(0).kill();
    const appending = append(1);
    await until('it was asked elsewhere', () => at(1).server.asked > 0 || at(2).server.asked > 0);
    cluster.elect(at(1));
    expect(await appending).toMatchObject([{ revision: 1 }]);
    await subscription.until(2);
    await subscription.stop();
    expect(at(1).server.appending.received.length).toBeGreaterThan(0);
  });

  it('A cluster of EventStoreDB is used through its new leader by appends, reads and subscriptions when the old one hangs, with the timeouts of production', async () => {
    const opened = connectStore(all(), undefined, {});
    store = opened;
    const appended = (n: number) => {
      const events = [testEvent(n)];
      return retried(`append ${n}`, () => opened.append([{ stream: { name: 's' }, expected: n === 0 ? 'no_stream' : n - 1, events }]));
    };
    const subscription = subscribed(store);
    await appended(0);
    await subscription.until(1);
    at(0).freeze();
    cluster.elect(at(2));
    expect(await appended(1)).toMatchObject([{ revision: 1 }]);
    expect(numbersOf((await retried('a stream', () => opened.streams(['s'])))[0] ?? [])).toEqual([0, 1]);
    await subscription.until(2);
    await subscription.stop();
    expect(at(2).server.appending.received.length).toBeGreaterThan(0);
  });

  it('A cluster of EventStoreDB is used through its new leader when the old one hangs in a read', async () => {
    store = connectStore(all(), undefined, QUICK_RECOVERY);
    await append(0);
    const { reading: hanging } = at(0).server;
    const read = hanging.read.bind(hanging);
    jest.spyOn(hanging, 'read').mockImplementation(async (call) => {
      if (!call.request.getOptions()?.hasFilter()) return read(call);
      at(0).freeze();
      cluster.elect(at(2));
    });
    const elected = jest.spyOn(at(2).server.reading, 'read');
    expect(numbersOf((await store.read(START, 10)).events)).toEqual([0]);
    const [first] = elected.mock.calls.map(([{ request }]) => request.getOptions()).filter((options) => options?.hasFilter());
    expect(first?.hasSubscription()).toBe(true); // whoever has asked the hanging one by both begins with a read again
  });

  it('A cluster of EventStoreDB is unavailable when it has no leader', async () => {
    for (const { server } of nodes) server.notReady = true;
    const impatient = connectStore(`${all()}&maxDiscoverAttempts=1&discoveryInterval=10`, undefined, SHORT_RETRIES);
    store = impatient;
    await expect(impatient.head()).rejects.toBeInstanceOf(StoreUnavailable);
    for (const { server } of nodes) server.notReady = false;
    const append = [{ stream: { name: 's' }, expected: 'no_stream' as const, events: [testEvent(0)] }];
    expect(await retried('an append', () => impatient.append(append))).toMatchObject([{ revision: 0 }]);
  });
});
