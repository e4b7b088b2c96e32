import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Position, START } from '../../../src/event-store/event.js';
import type { EventPage, EventStore, Filter } from '../../../src/event-store/event-store.js';
import { until } from '../../until.js';
import { event, numbersOf, readAll, subscribed, testEvent } from '../test-events.js';
import { type FaultyLog, LONG_INACTIVITY, openFaultyLog, QUICK_RECOVERY, SHORT_RETRIES } from './faulty-log.js';

/** Lost subscriptions, and the server's own events in the log. */
describe('A subscription to EventStoreDB', () => {
  let faulty: FaultyLog;
  let store: EventStore;
  let revision: number;
  beforeEach(async () => {
    faulty = await openFaultyLog();
    store = faulty.open();
    revision = -1;
  });
  afterEach(async () => {
    await faulty.close();
    jest.restoreAllMocks();
  });

  const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, n) => from + n);
  /** Appends to the stream `live`. */
  async function record(...events: ReturnType<typeof testEvent>[]) {
    await store.append([{ stream: { name: 'live' }, expected: revision < 0 ? 'no_stream' : revision, events }]);
    revision += events.length;
  }
  const recordNumbers = (numbers: readonly number[]) => record(...numbers.map((n) => testEvent(n)));
  const writeSystemEvents = (count: number) => {
    for (let n = 0; n < count; n++) faulty.server.log.writeSystemEvent('$stats-127.0.0.1:2113', '$statsCollected');
  };
  /** Follows until the end is reported. */
  async function toTheEnd(after: Position, filter?: Filter, from = store): Promise<readonly EventPage[]> {
    const pages: EventPage[] = [];
    const stopping = new AbortController();
    const handle = async (page: EventPage) => {
      pages.push(page);
      if (page.end) stopping.abort();
    };
    await from.subscribe(after, filter, handle, stopping.signal);
    return pages;
  }

  it('A subscription to EventStoreDB continues after the last delivered event when the server drops it as too slow', async () => {
    const subscription = subscribed(store);
    for (let n = 0; n < 6; n++) {
      await recordNumbers([n]);
      await subscription.until(n + 1);
      await until('it is subscribed', () => faulty.server.reading.subscribed > 0);
      faulty.server.reading.dropSubscriptions();
    }
    await recordNumbers([6]);
    await subscription.until(7);
    await subscription.stop();
    expect(numbersOf(subscription.events)).toEqual(upTo(7));
  });

  it('A subscription to EventStoreDB loses nothing when its handler is so slow that the server drops it', async () => {
    faulty.server.reading.mostWaiting = 3;
    const busy = Promise.withResolvers<void>();
    const seen: number[] = [];
    const stopping = new AbortController();
    const following = store.subscribe(
      START,
      undefined,
      async ({ events }) => {
        seen.push(...numbersOf(events));
        if (seen.length === 1) await busy.promise;
        if (seen.length === 801) stopping.abort();
      },
      stopping.signal,
    );
    await recordNumbers([0]);
    await until('it is handled', () => seen.length === 1);
    const text = 'x'.repeat(8_000);
    for (let n = 0; n < 800; n += 100) await record(...upTo(n + 101, n + 1).map((each) => event('Tested', { n: each, text }))); // more than is held on the way
    await until('it is dropped', () => faulty.server.reading.subscribed === 0);
    busy.resolve();
    await following;
    expect(seen).toEqual(upTo(801));
  });

  it('A subscription to EventStoreDB buffers a bounded number of events while a page is handled', async () => {
    store = faulty.open(LONG_INACTIVITY);
    for (let n = 0; n < 5_000; n += 250) await recordNumbers(upTo(n + 250, n));
    const busy = Promise.withResolvers<void>();
    const stopping = new AbortController();
    let seen = 0;
    const following = store.subscribe(
      START,
      undefined,
      async ({ events }) => {
        seen += events.length;
        await busy.promise;
        if (seen === 5_000) stopping.abort();
      },
      stopping.signal,
    );
    const { reading } = faulty.server;
    let before = -1;
    await until('no more comes', async () => {
      const still = reading.sent === before && seen > 0;
      before = reading.sent;
      await store.head(); // a call and its answer later
      return still;
    });
    expect(reading.sent).toBeLessThan(4_000);
    busy.resolve();
    await following;
    expect(seen).toBe(5_000);
  });

  it('A subscription to EventStoreDB waits for a server that is away for long or not ready, and ends at the signal meanwhile', async () => {
    store = faulty.open(SHORT_RETRIES);
    const subscription = subscribed(store);
    const another = subscribed(store);
    await recordNumbers([0]);
    await Promise.all([subscription.until(1), another.until(1)]);
    await faulty.proxy.close();
    await expect(store.head()).rejects.toThrow('事件日志现在无法使用');
    await another.stop();
    faulty.server.notReady = true;
    await faulty.proxy.open();
    await expect(store.head()).rejects.toThrow('事件日志现在无法使用');
    faulty.server.notReady = false;
    await until('it answers again', async () => (await Promise.allSettled([store.head()])).every(({ status }) => status === 'fulfilled'));
    await recordNumbers([1]);
    await subscription.until(2);
    await subscription.stop();
    expect([numbersOf(subscription.events), numbersOf(another.events)]).toEqual([[0, 1], [0]]);
  });

  describe('The events of the server itself', () => {
    it('A subscription to EventStoreDB skips the events of the server itself in an empty log, at its head and at any position', async () => {
      writeSystemEvents(40);
      expect([await store.head(), await store.read(START, 10)]).toEqual([START, { events: [], position: START, end: true }]);
      await recordNumbers([0, 1]);
      const head = await store.head();
      writeSystemEvents(300);
      expect(await store.head()).toBe(head);
      expect((await store.at(head))?.data).toEqual({ n: 1 });
      const systemEvent = faulty.server.log.entries.at(-1)?.position;
      expect(await store.at(String(systemEvent).padStart(20, '0').repeat(2))).toBeUndefined();
    });

    it.each<[string, Filter | undefined, readonly number[]]>([
      ['all events', undefined, [0, 1]],
      ['events of some types', { types: ['Tested'] }, [0, 1]],
      ['types of which there are none', { types: ['Counted'] }, []],
      ['streams with a prefix', { prefix: 'live' }, [0, 1]],
    ])(
      'The events of the server itself are passed over for %s, however many they are, and no position beyond the last event is told',
      async (_, filter, wanted) => {
        await recordNumbers([0]);
        writeSystemEvents(2_200);
        await recordNumbers([1]);
        const head = await store.head();
        writeSystemEvents(2_200);
        expect(numbersOf(await readAll(store, filter))).toEqual(wanted);
        const pages = await toTheEnd(START, filter);
        expect(pages.at(-1)).toMatchObject({ position: head, end: true });
        expect(numbersOf(pages.flatMap(({ events }) => events))).toEqual(wanted);
        for (const page of pages) expect(page.position <= head).toBe(true);
      },
    );

    it('A subscription to EventStoreDB skips the events of the server itself in system streams with a stream filter, but not our events recorded there', async () => {
      faulty.server.log.writeSystemEvent('$other', '$metadata');
      faulty.server.log.append('$other', 'any', [
        { id: crypto.randomUUID(), type: 'Result', contentType: 'application/json', data: Buffer.from('{}'), metadata: Buffer.from('{}') },
      ]);
      await store.append([{ stream: { name: '$ours' }, expected: 'no_stream', events: [testEvent(1)] }]);
      expect((await readAll(store)).map(({ stream }) => stream)).toEqual(['$ours']);
      expect((await toTheEnd(START, { prefix: '$o' })).flatMap(({ events }) => events.map(({ stream }) => stream))).toEqual(['$ours']);
    });
  });

  it('A subscription to EventStoreDB skips no event that is later recorded at the position of a checkpoint', async () => {
    const filter = { types: ['Counted'] };
    await recordNumbers(upTo(100));
    const { position } = (await toTheEnd(START, filter)).at(-1) as EventPage;
    expect(position).toBe(await store.head());
    await record(event('Counted', { n: 1 })); // the server's checkpoint was this event's place, and it begins after it
    expect(numbersOf((await toTheEnd(position, filter)).flatMap(({ events }) => events))).toEqual([1]);
  });

  it('A subscription to EventStoreDB advances with the server’s checkpoints over filtered events without reading them', async () => {
    for (let n = 0; n < 3_000; n += 250) await recordNumbers(upTo(n + 250, n));
    const reads = jest.spyOn(faulty.server.log, 'from');
    const pages = await toTheEnd(START, { types: ['Counted'] }, faulty.open({ ...QUICK_RECOVERY, subscriptionIdle: 30_000 }));
    expect(pages.at(-1)).toEqual({ events: [], position: await store.head(), end: true });
    expect(reads).not.toHaveBeenCalled();
  });

  it('A subscription to EventStoreDB delivers events of other programs in its streams as unknown', async () => {
    const write = (type: string, contentType: string, data: string, metadata: string) =>
      faulty.server.log.append('foreign', 'any', [{ id: crypto.randomUUID(), type, contentType, data: Buffer.from(data), metadata: Buffer.from(metadata) }]);
    write('Tested', 'application/json', '{"n":1}', '');
    write('Tested', 'application/json', '"text"', '{"version":"1"}');
    write('Tested', 'application/octet-stream', '{"n":1}', 'no json');
    write('Tested', 'application/json', '"text"', JSON.stringify({ version: 1, $causationId: 'c', $correlationId: 'd', by: 'office', origin: 'office' }));
    const events = await readAll(store);
    expect(events.map(({ data, unknown }) => [data, unknown])).toEqual([
      [{ n: 1 }, true],
      [{}, true],
      [{}, true],
      [{}, true],
    ]);
  });

  it('A subscription to EventStoreDB counts at most ten thousand events', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, stream) =>
        store.append([{ stream: { name: `s-${stream}` }, expected: 'no_stream', events: Array.from({ length: 1_000 }, () => testEvent(7)) }]),
      ),
    );
    const head = await store.head();
    expect([await store.count(START, head), store.countLimit]).toEqual([10_000, 10_000]);
    const { position } = (await store.read(START, 2_500)).events.at(-1) ?? { position: START };
    expect(await store.count(position, head)).toBe(9_500);
  });

  it('A subscription to EventStoreDB finds no event at a position where none begins', async () => {
    await recordNumbers([0, 1]);
    const [first, second] = await readAll(store);
    const beside = (position: Position | undefined, by: bigint) =>
      String(BigInt(position?.slice(20) ?? 0) + by)
        .padStart(20, '0')
        .repeat(2);
    expect((await store.at(second?.position ?? ''))?.id).toBe(second?.id);
    for (const place of [beside(first?.position, 1n), beside(second?.position, -1n), beside(second?.position, 10_000n), '9'.repeat(40)])
      expect(await store.at(place)).toBeUndefined();
  });

  it('A subscription to EventStoreDB closes without waiting for an answer of the server', async () => {
    const patient = faulty.open(LONG_INACTIVITY);
    const subscription = subscribed(patient);
    await recordNumbers([0]);
    await subscription.until(1);
    faulty.proxy.freeze();
    const ended = expect(subscription.until(2)).rejects.toThrow('closed');
    const reading = expect(patient.head()).rejects.toThrow('closed');
    await patient.close();
    await Promise.all([ended, reading]);
  });
});
