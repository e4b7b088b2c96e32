import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LogReplaced } from '../../src/event-store/append.js';
import { START } from '../../src/event-store/event.js';
import type { EventPage, EventStore } from '../../src/event-store/event-store.js';
import { endAt } from '../../src/event-store/reading/log-times.js';
import { newestEvents } from '../../src/event-store/reading/newest-events.js';
import { PastEvents } from '../../src/event-store/reading/past-events.js';
import type { Open, OpenedLog } from './opened-log.js';
import { event, numbersOf, readAll, testEvent } from './test-events.js';

export function reading(open: Open): void {
  let log: OpenedLog;
  let store: EventStore;
  beforeEach(async () => {
    log = await open();
    store = log.store;
  });
  afterEach(() => log.close());

  const record = (name: string, ...events: ReturnType<typeof testEvent>[]) => store.append([{ stream: { name }, expected: 'no_stream', events }]);

  it('The event store is empty when it is new', async () => {
    expect(await store.head()).toBe(START);
    expect(await store.read(START, 10)).toEqual({ events: [], position: START, end: true });
    expect(await store.at(START)).toBeUndefined();
    expect(await store.streams(['none'])).toEqual([[]]);
    expect(await store.subject('none')).toEqual([]);
  });

  it('The event store returns streams in the requested order, also the same one twice', async () => {
    await record('a', testEvent(1), testEvent(2));
    await record('b', testEvent(3));
    expect((await store.streams(['b', 'none', 'a', 'b'])).map(numbersOf)).toEqual([[3], [], [1, 2], [3]]);
    expect(await store.streams([])).toEqual([]);
  });

  it('The event store tells the commands of a stream as reading it does, or cannot tell them', async () => {
    await record('a', testEvent(1), testEvent(2));
    await record('b', testEvent(3));
    const names = ['b', 'none', 'a', 'b'];
    const histories = await store.streams(names);
    for (const [at, found] of (await store.commandsOf(names)).entries()) {
      const history = histories[at] ?? [];
      const said = { commands: history.map(({ metadata }) => metadata.command), position: history.at(-1)?.position ?? START };
      expect([undefined, said]).toContainEqual(found);
    }
  });

  it('The event store reads in pages that follow each other', async () => {
    await record('a', testEvent(0), testEvent(1), testEvent(2), testEvent(3), testEvent(4));
    const first = await store.read(START, 2);
    expect([numbersOf(first.events), first.end, first.position]).toEqual([[0, 1], false, first.events[1]?.position]);
    const next = await store.read(first.position, 3);
    expect([numbersOf(next.events), next.end, next.position]).toEqual([[2, 3, 4], true, await store.head()]);
    expect(await store.read(next.position, 3)).toEqual({ events: [], position: next.position, end: true });
  });

  it('The event store finds its newest events, and where it ended at an instant', async () => {
    await record('a', testEvent(0), testEvent(1), testEvent(2));
    await record('b', testEvent(3), testEvent(4));
    const [all, upTo, { signal }] = [await readAll(store), await store.head(), new AbortController()];
    const newest = await newestEvents(store, { after: START, upTo, matches: () => true, signal }, 2);
    expect([numbersOf(newest.events), newest.more]).toEqual([[3, 4], true]);
    const ofA = await newestEvents(store, { after: START, upTo, filter: { prefix: 'a' }, matches: () => true, signal }, 3);
    expect([numbersOf(ofA.events), ofA.more]).toEqual([[0, 1, 2], false]);
    expect(await endAt(store, all[0]?.recordedAt ?? '')).toBe(all.findLast(({ recordedAt }) => recordedAt === all[0]?.recordedAt)?.position);
    expect([await endAt(store, '2000-01-01T00:00:00.000Z'), await endAt(store, '2999-01-01T00:00:00.000Z')]).toEqual([START, upTo]);
    const past = new PastEvents(store, all[1]?.position ?? '');
    expect(numbersOf((await past.read(START, 10)).events)).toEqual([0, 1]);
    expect((await past.streams(['a', 'b'])).map(numbersOf)).toEqual([[0, 1], []]);
  });

  it('The event store finds the event at a position, or none', async () => {
    await record('a', testEvent(0), testEvent(1));
    const [, second] = await readAll(store);
    expect(await store.at(second?.position ?? '')).toEqual(second);
    expect(await store.at(`${second?.position}0`)).toBeUndefined();
    expect(await store.at('of another log')).toBeUndefined();
  });

  it('The event store refuses an invalid position and an invalid page size', async () => {
    for (const position of ['x', '1', ' ', '-000000000000001']) await expect(store.read(position, 1)).rejects.toThrow('not a position');
    for (const limit of [0, -1, 1.5, Number.NaN]) await expect(store.read(START, limit)).rejects.toThrow('not a number of events');
  });

  it('The event store holds 10,000 events in one stream', async () => {
    const revision = (at: number) => (at === 0 ? ('no_stream' as const) : at - 1);
    for (let at = 0; at < 10_000; at += 1_000) {
      const events = Array.from({ length: 1_000 }, (_, n) => testEvent(at + n));
      await store.append([{ stream: { name: 'long' }, expected: revision(at), events }]);
    }
    const [events = []] = await store.streams(['long']);
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
    expect(await readAll(store, undefined, 777)).toEqual(events);
  });

  it('The event store distinguishes stream names with any characters', async () => {
    const names = [
      ...['candidate-1', 'candidate-１', 'district-西城', 'district-西城区', 'content-payment guide', ' content', 'content ', 'Content', 'content'],
      ...[
        `it's`,
        '"quoted"',
        'a/b\\c',
        'a%b',
        'a_b',
        'a*b',
        '[ab]',
        '?',
        ':x',
        '$x',
        '-',
        '\n',
        '\t',
        'é',
        'e\u0301',
        '😀',
        '\uffff',
        '\u{10ffff}',
        'x'.repeat(500),
      ],
    ];
    await store.append(names.map((name, n) => ({ stream: { name, subject: name }, expected: 'no_stream', events: [testEvent(n)] })));
    const streams = await store.streams(names);
    expect(streams.map(numbersOf)).toEqual(names.map((_, n) => [n]));
    expect(streams.map(([first]) => first?.stream)).toEqual(names);
    for (const [n, name] of names.entries()) {
      expect(numbersOf(await store.subject(name))).toEqual([n]);
      const prefixed = names.filter((other) => other.startsWith(name));
      expect((await readAll(store, { prefix: name })).map(({ stream }) => stream).toSorted()).toEqual(prefixed.toSorted());
    }
  });

  it('The event store reads the events of one candidate from all streams in the order of the log', async () => {
    const about = (name: string, subject: string | undefined, n: number) =>
      store.append([{ stream: subject === undefined ? { name } : { name, subject }, expected: 'no_stream', events: [testEvent(n)] }]);
    await about('results-2', 'two', 1);
    await about('enrolment-1', 'one', 2);
    await about('period-1910', undefined, 3);
    await about('bill-1', 'one', 4);
    await store.append([{ stream: { name: 'results-2', subject: 'two' }, expected: 0, events: [testEvent(5)] }]);
    expect(numbersOf(await store.subject('one'))).toEqual([2, 4]);
    expect(numbersOf(await store.subject('two'))).toEqual([1, 5]);
    expect((await store.streams(['period-1910']))[0]?.[0]).not.toHaveProperty('subject');
  });

  it('The event store filters events by types', async () => {
    await record('a', testEvent(1), event('Counted', { n: 2 }), testEvent(3), event('Named', { n: 4 }));
    expect(numbersOf(await readAll(store, { types: ['Tested'] }))).toEqual([1, 3]);
    expect(numbersOf(await readAll(store, { types: ['Named', 'Counted'] }))).toEqual([2, 4]);
    expect(await readAll(store, { types: [] })).toEqual([]);
    expect(await readAll(store, { types: ['tested', "Tested'", 'Teste'] })).toEqual([]);
  });

  it('The event store filters streams by a literal prefix', async () => {
    for (const [n, name] of ['bill-1', 'billing-1', 'Bill-1', 'bill_1', 'bil', 'bill-2', 'x_bill-', 'b%', 'b[i]', 'b*'].entries())
      await record(name, testEvent(n));
    const through = async (prefix: string) => numbersOf(await readAll(store, { prefix }));
    expect(await through('bill-')).toEqual([0, 5]);
    expect(await through('bill_')).toEqual([3]);
    expect(await through('b%')).toEqual([7]);
    expect(await through('b[')).toEqual([8]);
    expect(await through('b*')).toEqual([9]);
    expect(await through('b?')).toEqual([]);
    expect(await through('')).toHaveLength(10);
  });

  it('The event store filters out events of some types, and keeps those of a newer release', async () => {
    await record('a', testEvent(1), event('Counted', { n: 2 }), testEvent(3), event('Named', { n: 4 }));
    const through = async (...except: readonly string[]) => {
      const read = numbersOf(await readAll(store, { except }, 2));
      const over = new AbortController();
      const handed: number[] = [];
      const head = await store.head();
      const take = async ({ events, position }: EventPage) => {
        handed.push(...numbersOf(events));
        if (position >= head) over.abort();
      };
      await store.subscribe(START, { except }, take, over.signal);
      expect(handed).toEqual(read);
      return read;
    };
    expect(await through('Tested')).toEqual([2, 4]);
    expect(await through('Named', 'Counted')).toEqual([1, 3]);
    expect(await through('Teste', 'T.*', '$', '')).toEqual([1, 2, 3, 4]);
    expect(await through()).toEqual([1, 2, 3, 4]);
  });

  it('The event store counts the events between two positions, and divides them', async () => {
    await record('a', ...Array.from({ length: 10 }, (_, n) => testEvent(n)));
    const events = await readAll(store);
    const [third, ninth] = [events[2]?.position ?? '', events[8]?.position ?? ''];
    expect(await store.count(START, await store.head())).toBe(10);
    expect(await store.count(third, ninth)).toBe(6);
    expect([await store.count(third, third), await store.count(ninth, third), await store.count(START, START)]).toEqual([0, 0, 0]);
    expect([store.distance(third, third), store.distance(ninth, third)]).toEqual([0, 0]);
    expect(store.distance(third, ninth)).toBeGreaterThan(0);
    expect(store.distance(START, third) + store.distance(third, ninth)).toBeCloseTo(store.distance(START, ninth));
    const beyond = (await store.head()).replace(/\d{15}$/, '9'.repeat(15));
    await expect(store.count(beyond, ninth)).rejects.toThrow(LogReplaced);
    const bounds = [third, ...(await store.splitRange(third, ninth, 3)), ninth];
    expect(bounds).toEqual([...new Set(bounds)].toSorted());
    expect(await store.splitRange(third, third, 3)).toEqual([]);
  });

  it('The event store advances over events that a filter excludes', async () => {
    await record('a', ...Array.from({ length: 50 }, (_, n) => testEvent(n)));
    await record('b', event('Counted', { n: 50 }));
    await record('c', testEvent(51));
    for (const filter of [{ types: ['Counted'] }, { prefix: 'b' }]) {
      const page = await store.read(START, 10, filter);
      expect(page).toMatchObject({ events: [{ stream: 'b' }], position: await store.head(), end: true });
      const full = await store.read(START, 1, filter);
      expect([full.position, full.end]).toEqual([page.events[0]?.position, false]);
      expect(await store.read(full.position, 1, filter)).toEqual({ events: [], position: await store.head(), end: true });
    }
  });
}
