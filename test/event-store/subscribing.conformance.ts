import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import type { EventPage, EventStore } from '../../src/event-store/event-store.js';
import type { Open, OpenedLog } from './opened-log.js';
import { event, numbersOf, subscribed, testEvent } from './test-events.js';

export function subscribing(open: Open): void {
  let log: OpenedLog;
  let store: EventStore;
  let revision: number;
  beforeEach(async () => {
    log = await open();
    store = log.store;
    revision = -1;
  });
  afterEach(() => log.close());

  /** Appends these numbers to the stream `live`, through any connection. */
  async function record(through: EventStore, ...numbers: number[]) {
    const expected = revision < 0 ? 'no_stream' : revision;
    await through.append([{ stream: { name: 'live' }, expected, events: numbers.map((n) => testEvent(n)) }]);
    revision += numbers.length;
  }
  const upTo = (end: number) => Array.from({ length: end }, (_, n) => n);

  it('A subscription delivers existing and then new events, each once and in order', async () => {
    await record(store, ...upTo(2_500));
    const subscription = subscribed(store);
    await subscription.until(2_500);
    for (let n = 2_500; n < 2_600; n++) await record(store, n);
    await subscription.until(2_600);
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual(upTo(2_600));
  });

  it('A subscription notices appends of its own and other connections while it waits', async () => {
    const other = await log.second();
    const subscription = subscribed(store);
    for (let n = 0; n < 20; n++) {
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate); // it has looked and found nothing
      await record(n % 2 ? store : other, n);
      await subscription.until(n + 1);
    }
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual(upTo(20));
  });

  it('A subscription misses no event that is appended while pages are handled', async () => {
    const other = await log.second();
    const subscriptions = [subscribed(store), subscribed(other), subscribed(store, START, { prefix: 'live' }), subscribed(other, START, { types: ['Tested'] })];
    for (let n = 0; n < 200; n += 2) await Promise.all([record(n % 4 ? store : other, n, n + 1), new Promise(setImmediate)]);
    for (const subscription of subscriptions) {
      await subscription.until(200);
      await subscription.stop();
      expect(numbersOf(subscription.events)).toEqual(upTo(200));
    }
  });

  it('A subscription continues from a position after a restart', async () => {
    await record(store, 0, 1, 2);
    const before = subscribed(store);
    await before.until(3);
    await before.stop();
    const seen = before.events[1]?.position ?? '';
    store = await log.reopen();
    const after = subscribed(store, seen);
    await record(store, 3);
    await after.until(2);
    await after.stop();
    expect(numbersOf(after.events)).toEqual([2, 3]);
  });

  it('A subscription delivers only matching events, and advances over the others', async () => {
    const pages: EventPage[] = [];
    const stopping = new AbortController();
    const done = Promise.withResolvers<void>();
    const ended = store.subscribe(
      START,
      { types: ['Counted'] },
      async (page) => {
        pages.push(page);
        if (page.position === (await store.head()) && page.position !== START) done.resolve();
      },
      stopping.signal,
    );
    const counted = subscribed(store, START, { types: ['Counted'] });
    const named = subscribed(store, START, { prefix: 'bill-' });
    await record(store, 0, 1, 2);
    await done.promise;
    for (const [n, name] of ['billing-1', 'bill-1'].entries())
      await store.append([{ stream: { name }, expected: 'no_stream', events: [event('Counted', { n })] }]);
    await Promise.all([counted.until(2), named.until(1)]);
    stopping.abort();
    await Promise.all([ended, counted.stop(), named.stop()]);
    expect(numbersOf(counted.events)).toEqual([0, 1]);
    expect(named.events.map(({ stream }) => stream)).toEqual(['bill-1']);
    expect(pages.some(({ events, position }) => events.length === 0 && position !== START)).toBe(true);
  });

  it('A subscription reports the end of the log at once, even of an empty one', async () => {
    const first = Promise.withResolvers<EventPage>();
    const stopping = new AbortController();
    const ended = store.subscribe(START, undefined, async (page) => first.resolve(page), stopping.signal);
    expect(await first.promise).toEqual({ events: [], position: START, end: true });
    stopping.abort();
    await ended;
  });

  it('A subscription delivers one page at a time', async () => {
    await record(store, ...upTo(3_500));
    const stopping = new AbortController();
    let handling = 0;
    let most = 0;
    let seen = 0;
    await store.subscribe(
      START,
      undefined,
      async ({ events }) => {
        most = Math.max(most, ++handling);
        await new Promise(setImmediate);
        seen += events.length;
        handling -= 1;
        if (seen === 3_500) stopping.abort();
      },
      stopping.signal,
    );
    expect([most, seen]).toEqual([1, 3_500]);
  });

  it('A subscription ends at the signal after the current page', async () => {
    await record(store, ...upTo(3_500));
    const stopping = new AbortController();
    let pages = 0;
    await store.subscribe(
      START,
      undefined,
      async () => {
        stopping.abort();
        await new Promise(setImmediate);
        pages += 1;
      },
      stopping.signal,
    );
    expect(pages).toBe(1);
  });

  it('A subscription delivers nothing when the signal was aborted before', async () => {
    await record(store, 0);
    let pages = 0;
    const handle = async () => {
      pages += 1;
    };
    await store.subscribe(START, undefined, handle, AbortSignal.abort());
    expect(pages).toBe(0);
  });

  it('A subscription ends with the error of its handler', async () => {
    await record(store, 0);
    const fault = new Error('cannot take it');
    const handle = () => Promise.reject(fault);
    await expect(store.subscribe(START, undefined, handle, new AbortController().signal)).rejects.toBe(fault);
  });

  it('A subscription ends with an error when the store is closed before the signal', async () => {
    const subscription = subscribed(store);
    const ended = expect(subscription.until(1)).rejects.toThrow('closed');
    await store.close();
    await ended;
  });
}
