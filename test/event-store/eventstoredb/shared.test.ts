import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { causedBy } from '../../../src/event-store/cause.js';
import type { Decider } from '../../../src/event-store/decider.js';
import { type Event, START } from '../../../src/event-store/event.js';
import type { Filter } from '../../../src/event-store/event-store.js';
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/event-store.js';
import { Scope } from '../../../src/event-store/eventstoredb/scope.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { logLines } from '../../log-lines.js';
import { event, numbersOf, readAll, subscribed, testEvent, testEvents } from '../test-events.js';
import { connectStore } from './eventstoredb-log.js';
import { openFaultyLog, QUICK_RECOVERY } from './faulty-log.js';
import type { Foreign } from './foreign-programs.js';
import { RealOrTestServer } from './real-or-test-server.js';

type Tested = Event<'Tested', { readonly n: number }>;
const numbers: Decider<readonly number[], Tested> = { initial: () => [], evolve: (seen, { data: { n } }) => [...seen, n] };
const cause = { correlation: randomUUID(), by: 'office:test', origin: 'office' as const };

const BINARY = 'application/octet-stream';
const lines = logLines();
const LINK = { type: '$>', contentType: BINARY };
const ofShop = JSON.stringify({ version: 1, $causationId: 'c', $correlationId: 'd', by: 'shop', origin: 'office' });

describe.each<[string, (server: RealOrTestServer) => Scope]>([
  ['a prefix of its own', (server) => new Scope(server.prefix())],
  ['its known categories', ({ run }) => new Scope('', new Set(['candidate', 'bill', 'installation'].map((category) => category + run)))],
])('In an EventStoreDB that other programs use too, a log identified by %s', (_, scopeOn) => {
  let server: RealOrTestServer;
  let scope: Scope;
  let store: EventStoreDBEventStore;
  /** Whether the stream is there that is buried for good. */
  let isBuried: boolean;
  const opened: EventStoreDBEventStore[] = [];
  const open = (types = testEvents) => {
    const another = connectStore(server.url, types, { ...QUICK_RECOVERY, scope });
    opened.push(another);
    return another;
  };
  beforeEach(async () => {
    server = await RealOrTestServer.start();
    scope = scopeOn(server);
    store = open();
    isBuried = false;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await server.stop();
  });

  const named = (category: string, rest: string | number) => `${category}${server.run}-${rest}`;
  const foreign = (stream: string, ...events: readonly Foreign[]) => server.others.append(stream, ...events);
  const test = (n: number): Foreign => ({ type: 'Tested', data: JSON.stringify({ n }) });
  /** All that other systems, connectors and the server itself write. */
  const othersWrite = async () => {
    const [order, another, gone, buried] = [named('order', 77), named('order', 78), named('gone', 1), named('gone', 2)];
    const [short, newest] = [named('short', 1), named('newest', 1)];
    await foreign(order, { type: 'OrderPlaced', data: '{"n":1}' }, { ...test(-1), metadata: ofShop });
    await foreign(
      another,
      { type: 'Encrypted', contentType: BINARY, data: Buffer.from([0, 255, 1, 254]), metadata: Buffer.from([200, 201]) },
      { type: 'Tested', data: 'this is no JSON', metadata: 'nor this' },
    );
    await foreign(`candidate${server.run}s-of-another`, test(-2));
    await foreign(named('links', 1), { ...LINK, data: `0@${order}` });
    await foreign(`$ce-order${server.run}`, { ...LINK, data: `0@${order}` });
    await foreign(gone, test(-3));
    await server.others.softDelete(gone);
    if (!isBuried) await foreign(buried, test(-4));
    if (!isBuried) await server.others.tombstone(buried);
    isBuried = true;
    await foreign(short, test(-5), test(-5), test(-5));
    await server.others.truncate(short, 2);
    await foreign(newest, test(-6), test(-6), test(-6));
    await server.others.keepLast(newest, 1);
    await server.others.systemEvents(named('noise', 1), 20);
  };
  const record = (n: number, through = store) =>
    through.append([{ stream: { name: named('candidate', n), subject: `subject-${n}` }, expected: 'no_stream', events: [testEvent(n)] }]);
  const filters: readonly [string, () => Filter | undefined][] = [
    ['no filter', () => undefined],
    ['types', () => ({ types: ['Tested'] })],
    ['all types but some', () => ({ except: ['Counted'] })],
    ['a beginning of names', () => ({ prefix: named('candidate', '') })],
  ];

  it('In an EventStoreDB that other programs use too, a log is empty however much other programs have written', async () => {
    await othersWrite();
    expect(await store.head()).toBe(START);
    for (const [, filter] of filters) expect(await store.read(START, 10, filter())).toEqual({ events: [], position: START, end: true });
    expect(await store.streams([named('order', 77), named('links', 1), `candidate${server.run}s-of-another`])).toEqual([[], [], []]);
    expect(await store.count(START, '9'.repeat(39).padStart(40, '0'))).toBe(0);
  });

  it.each(filters)(
    'In an EventStoreDB that other programs use too, a log is read, counted and followed without foreign events before, within and after it, by %s',
    async (_by, filter) => {
      await othersWrite();
      await record(0);
      await othersWrite();
      server.own?.log.scavenge();
      await record(1);
      const head = await store.head();
      await othersWrite();
      expect(await store.head()).toBe(head);
      expect(numbersOf(await readAll(store, filter(), 1))).toEqual([0, 1]);
      expect(await store.count(START, head)).toBe(2);
      const [first] = await readAll(store);
      expect(first).toMatchObject({ stream: named('candidate', 0), subject: 'subject-0', revision: 0 });
      const subscription = subscribed(store, START, filter());
      await subscription.until(2);
      await othersWrite();
      await record(2);
      await subscription.until(3);
      await subscription.stop();
      expect(subscription.events.map(({ stream }) => stream)).toEqual([0, 1, 2].map((n) => named('candidate', n)));
    },
  );

  it('In an EventStoreDB that other programs use too, a log is at its end when only other programs have written since, which subscriptions report', async () => {
    await record(0);
    const head = await store.head();
    await othersWrite();
    const ends: unknown[] = [];
    for (const [, filter] of filters) {
      const enough = new AbortController();
      await store.subscribe(
        START,
        filter(),
        async ({ position, end }) => {
          if (!end) return;
          ends.push(position);
          enough.abort();
        },
        enough.signal,
      );
    }
    expect(ends).toEqual(filters.map(() => head));
  });

  it('In an EventStoreDB that other programs use too, a log has its head found behind thousands of foreign events, even at the first search', async () => {
    await record(0);
    for (let n = 0; n < 50; n++) await foreign(named('order', n), ...Array.from({ length: 100 }, () => test(-1)));
    const another = open();
    const head = await another.head();
    expect((await another.at(head))?.stream).toBe(named('candidate', 0));
    expect(await store.head()).toBe(head);
    await record(1);
    expect(numbersOf(await readAll(another, { types: ['Tested'] }, 1))).toEqual([0, 1]);
    expect(await another.count(START, await another.head())).toBe(2);
  });

  it('In an EventStoreDB that other programs use too, a log counts only its own events, however many foreign ones are between', async () => {
    const recordMany = (rest: number) =>
      store.append([{ stream: { name: named('bill', rest) }, expected: 'no_stream', events: Array.from({ length: 600 }, (__, n) => testEvent(n)) }]);
    await recordMany(1);
    const text = 'x'.repeat(100_000);
    for (let n = 0; n < 20; n++) await foreign(named('order', n), { type: 'OrderPlaced', data: JSON.stringify({ text }) }, test(-1));
    await recordMany(2);
    const head = await store.head();
    expect(await store.count(START, head)).toBe(1_200);
    const [first] = (await store.read(START, 1)).events;
    expect(await store.count(first?.position ?? '', head)).toBe(1_199);
  });

  it('In an EventStoreDB that other programs use too, a log has no event at the positions of foreign events', async () => {
    await othersWrite();
    await record(0);
    await othersWrite();
    const places = await server.others.last(100);
    expect(places.map(({ stream }) => stream)).toContain(named('order', 77));
    const found = await Promise.all(places.map(({ position }) => store.at(position)));
    expect(found.filter((each) => each !== undefined).map(({ stream }) => stream)).toEqual([named('candidate', 0)]);
  });

  it('In an EventStoreDB that other programs use too, a log returns an event of unknown type in one of its streams, with its subject', async () => {
    const newer = open({ ...testEvents, Invented: [] });
    const name = named('candidate', 9);
    await newer.append([{ stream: { name, subject: 'subject-9' }, expected: 'no_stream', events: [event('Invented', { n: 9 })] }]);
    expect(await readAll(store)).toMatchObject([{ stream: name, subject: 'subject-9', type: 'Invented', unknown: true }]);
  });

  const decide = (name: string) =>
    store.decide({ given: { id: randomUUID(), at: '2026-10-01T01:00:00.000Z' } }, { name }, numbers, (seen): readonly Tested[] => [
      { type: 'Tested', data: { n: seen.length } },
    ]);

  it.each<[string, (kept: string) => Promise<void>]>([
    ['was deleted, not for good', (kept) => server.others.softDelete(kept)],
    ['was deleted for good', (kept) => server.others.tombstone(kept)],
    ['was truncated to its end', (kept) => server.others.truncate(kept, 3)],
    ['has lost its first events', (kept) => server.others.truncate(kept, 1)],
    ['keeps its newest events alone', (kept) => server.others.keepLast(kept, 2)],
  ])(
    'In an EventStoreDB that other programs use too, a log refuses, by name, to decide on one of its streams that %s, and decides on the others',
    async (__, spoil) => {
      const [name, other] = [named('bill', 1), named('bill', 2)];
      await store.append([{ stream: { name }, expected: 'no_stream', events: [testEvent(0), testEvent(1), testEvent(2)] }]);
      await spoil(scope.serverName(name));
      const [spoilt, sound] = await Promise.allSettled([causedBy(cause, () => decide(name)), causedBy(cause, () => decide(other))]);
      expect(spoilt).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
      expect((spoilt as PromiseRejectedResult).reason.message).toContain(name);
      expect(sound).toMatchObject({ status: 'fulfilled', value: { recorded: 1 } });
      const newest = (await server.others.last(20)).find(({ stream }) => stream === scope.serverName(name) || stream === scope.serverName(other));
      expect(newest?.stream).toBe(scope.serverName(other));
    },
  );

  it.each([
    ['at its end', false],
    ['before all else', true],
  ])('In an EventStoreDB that other programs use too, a log skips a link that another program has added to one of its streams, %s', async (__, isFirst) => {
    const name = named('bill', 1);
    const link = () => foreign(scope.serverName(name), { ...LINK, data: `0@${named('order', 77)}` });
    if (isFirst) await link();
    for (let n = 0; n < 3; n++) {
      expect(await causedBy(cause, () => decide(name))).toMatchObject({ recorded: 1 });
      if (n === 1) await link();
    }
    expect(numbersOf((await open().streams([name]))[0] ?? [])).toEqual([0, 1, 2]);
    expect(numbersOf(await readAll(store))).toEqual([0, 1, 2]);
    await link();
    const another = open();
    const { revision } = (await another.streams([name]))[0]?.at(-1) ?? { revision: -1 };
    expect(await another.append([{ stream: { name }, expected: revision, events: [] }])).toMatchObject([{ revision }]);
  });

  it('In an EventStoreDB that other programs use too, a log refuses to decide on one of its streams that was truncated', async () => {
    const name = named('bill', 1);
    await store.append([{ stream: { name }, expected: 'no_stream', events: [testEvent(0), testEvent(1), testEvent(2)] }]);
    await server.others.truncate(scope.serverName(name), 2);
    await expect(store.streams([name])).rejects.toThrow(`事件流 ${name} 从第 2 个事件开始`);
    await server.others.tombstone(scope.serverName(name));
    await expect(store.streams([name])).rejects.toThrow('在 EventStoreDB 中被永久删除');
  });
});

describe('Two installations in one EventStoreDB', () => {
  let server: RealOrTestServer;
  beforeEach(async () => {
    server = await RealOrTestServer.start();
  });
  afterEach(() => server.stop());

  it('Two installations in one EventStoreDB are isolated although they use the same stream names and types', async () => {
    const prefixes = ['one', 'other'].map((name) => server.prefix(name));
    const [one, other] = prefixes.map((prefix) => connectStore(server.url, testEvents, { ...QUICK_RECOVERY, scope: new Scope(prefix) })) as [
      EventStoreDBEventStore,
      EventStoreDBEventStore,
    ];
    await one.append([{ stream: { name: 's' }, expected: 'no_stream', events: [testEvent(1)] }]);
    expect(await other.head()).toBe(START);
    await other.append([{ stream: { name: 's' }, expected: 'no_stream', events: [testEvent(2)] }]);
    expect([numbersOf(await readAll(one)), numbersOf(await readAll(other))]).toEqual([[1], [2]]);
    const streams = (await server.others.last(50)).map(({ stream }) => stream);
    for (const prefix of prefixes) expect(streams).toContain(`${prefix}s`);
    await Promise.all([one.close(), other.close()]);
  });

  it('Two installations in one EventStoreDB have stream names that are invalid in another installation’s log', async () => {
    const store = connectStore(server.url, testEvents, { ...QUICK_RECOVERY, scope: new Scope('', new Set(['candidate'])) });
    await expect(store.append([{ stream: { name: 'order-1' }, expected: 'no_stream', events: [testEvent(1)] }])).rejects.toThrow('no known category');
    await store.close();
  });
});

it('Reading continues when the server is silent for long while it searches foreign events', async () => {
  const { server, open, close } = await openFaultyLog();
  const store = open({ ...QUICK_RECOVERY, scope: new Scope('zikao/') });
  const record = (n: number) => store.append([{ stream: { name: `s-${n}` }, expected: 'no_stream', events: [testEvent(n)] }]);
  await record(0);
  const others = Array.from({ length: 3_000 }, (_, n) => testEvent(-n));
  for (let n = 0; n < others.length; n += 500)
    await open().append([{ stream: { name: `order-${n}` }, expected: 'no_stream', events: others.slice(n, n + 500) }]);
  await record(1);
  server.reading.searchesSilently = true;
  expect(numbersOf(await readAll(store, { types: ['Tested'] }, 1))).toEqual([0, 1]);
  await close();
});

it('A stream that is not found counts as new, with a warning, when the user may not read metadata', async () => {
  const { server, open, close } = await openFaultyLog();
  server.reading.deniesMetadata = true;
  const store = open();
  for (const name of ['s-1', 's-2']) expect(await store.streams([name])).toEqual([[]]);
  expect(lines.filter((line) => line.includes('may not read the metadata of streams'))).toHaveLength(1);
  const refused = lines.filter((line) => line.includes('cannot be used') && !line.includes('不应答')); // on a busy machine it may not
  expect(refused).toEqual([]);
  await close();
});
