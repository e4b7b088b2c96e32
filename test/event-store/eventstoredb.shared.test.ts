import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import type { Filter } from '../../src/event-store/event-store.js';
import type { EventStoreDBEventStore } from '../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { Scope } from '../../src/event-store/eventstoredb/scope.js';
import { QUICK } from './eventstoredb/faulty-log.js';
import { TestServer } from './eventstoredb/test-server.js';
import { connect } from './eventstoredb-log.js';
import { event, numbersOf, readAll, subscribed, testEvents, tested } from './test-events.js';

const JSON_TYPE = 'application/json';
const BINARY = 'application/octet-stream';

describe.each<[string, () => Scope]>([
  ['a prefix of its own', () => new Scope('zikao/')],
  ['its known categories', () => new Scope('', new Set(['candidate', 'bill', 'installation']))],
])('In an EventStoreDB that others use too, a log told by %s', (_, scope) => {
  let server: TestServer;
  let store: EventStoreDBEventStore;
  const opened: EventStoreDBEventStore[] = [];
  const open = (own = scope(), types = testEvents) => {
    const another = connect(`esdb://127.0.0.1:${server.port}?tls=false`, types, { ...QUICK, scope: own });
    opened.push(another);
    return another;
  };
  beforeEach(async () => {
    server = await TestServer.start();
    store = open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await server.stop();
  });

  const foreign = (stream: string, type: string, contentType: string, data: string | Uint8Array, metadata: string | Uint8Array = '') =>
    server.log.append(stream, 'any', [{ id: randomUUID(), type, contentType, data: Buffer.from(data), metadata: Buffer.from(metadata) }]);
  /** All that other systems, connectors and the server itself write. */
  const othersWrite = () => {
    foreign('order-77', 'OrderPlaced', JSON_TYPE, '{"n":1}');
    foreign('order-77', 'Tested', JSON_TYPE, '{"n":-1}', JSON.stringify({ version: 1, $causationId: 'c', $correlationId: 'd', by: 'shop', origin: 'office' }));
    foreign('order-78', 'Encrypted', BINARY, Buffer.from([0, 255, 1, 254]), Buffer.from([200, 201]));
    foreign('order-78', 'Tested', JSON_TYPE, 'this is no JSON', 'nor this');
    foreign('candidates-of-another', 'Tested', JSON_TYPE, '{"n":-2}');
    foreign('links', '$>', 'text/plain', '0@order-77');
    foreign('$ce-order', '$>', 'text/plain', '0@order-77');
    foreign('gone-1', 'Tested', JSON_TYPE, '{"n":-3}');
    server.log.softDelete('gone-1');
    foreign('gone-2', 'Tested', JSON_TYPE, '{"n":-4}');
    server.log.tombstone('gone-2');
    for (let n = 0; n < 3; n++) foreign('short', 'Tested', JSON_TYPE, '{"n":-5}');
    server.log.truncate('short', 2);
    server.log.writeSystemEvent('$stats', '$statsCollected');
  };
  const record = (n: number, through = store) =>
    through.append([{ stream: { name: `candidate-${n}`, subject: `subject-${n}` }, expected: 'no_stream', events: [tested(n)] }]);
  const filters: readonly (Filter | undefined)[] = [undefined, { types: ['Tested'] }, { except: ['Counted'] }, { prefix: 'candidate-' }];

  it('is empty however much others have written', async () => {
    othersWrite();
    expect(await store.head()).toBe(START);
    for (const filter of filters) expect(await store.read(START, 10, filter)).toEqual({ events: [], position: START, end: true });
    expect(await store.streams(['order-77', 'links', 'candidates-of-another'])).toEqual([[], [], []]);
    expect(await store.count(START, '9'.repeat(39).padStart(40, '0'))).toBe(0);
  });

  it.each(filters)('is read, counted and followed without what others write, before it, within it and after it, by %j', async (filter) => {
    othersWrite();
    await record(0);
    othersWrite();
    server.log.scavenge();
    await record(1);
    const head = await store.head();
    othersWrite();
    expect(await store.head()).toBe(head);
    expect(numbersOf(await readAll(store, filter, 1))).toEqual([0, 1]);
    expect(await store.count(START, head)).toBe(2);
    const [first] = await readAll(store);
    expect(first).toMatchObject({ stream: 'candidate-0', subject: 'subject-0', revision: 0 });
    const subscription = subscribed(store, START, filter);
    await subscription.until(2);
    othersWrite();
    await record(2);
    await subscription.until(3);
    await subscription.stop();
    expect(subscription.events.map(({ stream }) => stream)).toEqual(['candidate-0', 'candidate-1', 'candidate-2']);
  });

  it('has come to its end when only others have written since, and says so to whoever follows it', async () => {
    await record(0);
    const head = await store.head();
    othersWrite();
    const ends: unknown[] = [];
    for (const filter of filters) {
      const enough = new AbortController();
      await store.subscribe(
        START,
        filter,
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

  it('is found behind thousands of events of others, by one that looks for the first time as well', async () => {
    await record(0);
    for (let n = 0; n < 5_000; n++) foreign(`order-${n % 50}`, 'Tested', JSON_TYPE, '{"n":-1}');
    const another = open();
    const head = await another.head();
    expect((await another.at(head))?.stream).toBe('candidate-0');
    expect(await store.head()).toBe(head);
    await record(1);
    expect(numbersOf(await readAll(another, { types: ['Tested'] }, 1))).toEqual([0, 1]);
    expect(await another.count(START, await another.head())).toBe(2);
  });

  it('is read on where the server says nothing for long, as it looks through what others wrote', async () => {
    await record(0);
    for (let n = 0; n < 3_000; n++) foreign('order-1', 'Other', JSON_TYPE, '{}');
    await record(1);
    server.reading.searchesSilently = true;
    expect(numbersOf(await readAll(store, { types: ['Tested'] }, 1))).toEqual([0, 1]);
  });

  it('has no event at the places of others', async () => {
    othersWrite();
    await record(0);
    const places = server.log.entries.map(({ position }) => String(position).padStart(20, '0').repeat(2));
    const found = await Promise.all(places.map((place) => store.at(place)));
    expect(found.filter((each) => each !== undefined).map((each) => each?.stream)).toEqual(['candidate-0']);
  });

  it('hands over an event of a type unknown to it in a stream of its own, with its subject', async () => {
    const newer = open(scope(), { ...testEvents, Invented: [] });
    await newer.append([{ stream: { name: 'candidate-9', subject: 'subject-9' }, expected: 'no_stream', events: [event('Invented', { n: 9 })] }]);
    expect(await readAll(store)).toMatchObject([{ stream: 'candidate-9', subject: 'subject-9', type: 'Invented', unknown: true }]);
  });

  it('decides nothing on what is left of a stream of its own that was truncated', async () => {
    await store.append([{ stream: { name: 'bill-1' }, expected: 'no_stream', events: [tested(0), tested(1), tested(2)] }]);
    server.log.truncate(scope().kept('bill-1'), 2);
    await expect(store.streams(['bill-1'])).rejects.toThrow('stream bill-1 begins with its event 2');
    server.log.tombstone(scope().kept('bill-1'));
    await expect(store.streams(['bill-1'])).rejects.toThrow('was deleted in EventStoreDB for good');
  });
});

describe('Two installations in one EventStoreDB', () => {
  it('see nothing of each other, with the same names and types', async () => {
    const server = await TestServer.start();
    const url = `esdb://127.0.0.1:${server.port}?tls=false`;
    const [one, other] = ['one/', 'other/'].map((prefix) => connect(url, testEvents, { ...QUICK, scope: new Scope(prefix) })) as [
      EventStoreDBEventStore,
      EventStoreDBEventStore,
    ];
    await one.append([{ stream: { name: 's' }, expected: 'no_stream', events: [tested(1)] }]);
    expect(await other.head()).toBe(START);
    await other.append([{ stream: { name: 's' }, expected: 'no_stream', events: [tested(2)] }]);
    expect([numbersOf(await readAll(one)), numbersOf(await readAll(other))]).toEqual([[1], [2]]);
    expect(server.log.entries.slice(-2).map(({ stream }) => stream)).toEqual(['one/s', 'other/s']);
    await Promise.all([one.close(), other.close()]);
    await server.stop();
  });

  it('has names for its streams that the log of another cannot hold', async () => {
    const server = await TestServer.start();
    const store = connect(`esdb://127.0.0.1:${server.port}?tls=false`, testEvents, { ...QUICK, scope: new Scope('', new Set(['candidate'])) });
    await expect(store.append([{ stream: { name: 'order-1' }, expected: 'no_stream', events: [tested(1)] }])).rejects.toThrow('no known category');
    await store.close();
    await server.stop();
  });
});
