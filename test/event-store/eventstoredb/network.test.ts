import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import type { EventStore, Filter } from '../../../src/event-store/event-store.js';
import { numbersOf, readAll, subscribed, testEvent } from '../test-events.js';
import { type FailingNetwork, openFailingNetwork } from './failing-network.js';

describe('When the network to EventStoreDB fails,', () => {
  let network: FailingNetwork;
  let store: EventStore;
  let revision: number;
  beforeEach(async () => {
    network = await openFailingNetwork();
    store = network.open();
    revision = -1;
  });
  afterEach(() => network.close());

  const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, n) => from + n);
  /** Appends to the stream `live`. */
  const recordNumbers = async (numbers: readonly number[], through = store) => {
    await through.append([{ stream: { name: 'live' }, expected: revision < 0 ? 'no_stream' : revision, events: numbers.map((n) => testEvent(n)) }]);
    revision += numbers.length;
  };

  it.each<[string, Filter | undefined]>([
    ['all events', undefined],
    ['events of some types', { types: ['Tested'] }],
    ['streams with a prefix', { prefix: 'liv' }],
  ])(
    'When the network to EventStoreDB fails, a subscription to %s delivers each event once and in order although the connection is reset repeatedly',
    async (_, filter) => {
      for (let n = 0; n < 1_500; n += 250) await recordNumbers(upTo(n + 250, n));
      const subscription = subscribed(store, START, filter);
      for (let n = 1_500; n < 1_530; n += 3) {
        network.proxy.cut();
        await recordNumbers(upTo(n + 3, n));
        if (n % 2) await subscription.until(n);
      }
      await subscription.until(1_530);
      await subscription.stop();
      expect(numbersOf(subscription.events)).toEqual(upTo(1_530));
    },
  );

  it('When the network to EventStoreDB fails, a subscription that receives nothing any more continues through another connection', async () => {
    const subscription = subscribed(store, START, { types: ['Tested'] });
    await recordNumbers([0]);
    await subscription.until(1);
    network.proxy.freeze();
    const another = network.open();
    await recordNumbers([1, 2], another);
    await subscription.until(3);
    await recordNumbers([3], another);
    await subscription.until(4);
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual(upTo(4));
  });

  it('When the network to EventStoreDB fails, a stream is read completely although the connection is reset in the middle', async () => {
    for (let n = 0; n < 2_000; n += 400) await recordNumbers(upTo(n + 400, n));
    const reading = store.streams(['live']);
    const paging = readAll(store, undefined, 300);
    for (let n = 0; n < 5; n++) {
      await new Promise(setImmediate);
      network.proxy.cut();
    }
    expect(numbersOf((await reading)[0] ?? [])).toEqual(upTo(2_000));
    expect(numbersOf(await paging)).toEqual(upTo(2_000));
  });

  it('When the network to EventStoreDB fails, appends and reads use another connection when nothing comes through the first', async () => {
    await recordNumbers([1]);
    const { connected } = network.proxy;
    network.proxy.freeze();
    const [written, [events]] = await Promise.all([store.append([{ stream: { name: 'live' }, expected: 0, events: [testEvent(2)] }]), store.streams(['live'])]);
    expect([written, numbersOf(events ?? [])[0]]).toEqual([[expect.objectContaining({ revision: 1 })], 1]);
    expect(network.proxy.connected).toBeGreaterThan(connected);
  });
});
