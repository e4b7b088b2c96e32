import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Append, RevisionConflict } from '../../../src/event-store/append.js';
import type { Position, Recorded } from '../../../src/event-store/event.js';
import { type EventPage, EventStore, type Filter } from '../../../src/event-store/event-store.js';
import { OverlayEventStore, type ReadableLog } from '../../../src/event-store/overlay/event-store.js';
import { describeEventStore } from '../event-store.conformance.js';
import type { OpenedLog } from '../opened-log.js';
import { type OpenedSqliteLog, openSqliteLog } from '../sqlite/sqlite-log.js';
import { event, numbersOf, readAll, testEvent, testEvents } from '../test-events.js';

/** The methods by which a log is read, and no others. */
function readingOf(store: EventStore): ReadableLog {
  return {
    readsNeedRoundTrips: store.readsNeedRoundTrips,
    streams: (names) => store.streams(names),
    commandsOf: (names) => store.commandsOf(names),
    subject: (id) => store.subject(id),
    read: (after, limit, filter) => store.read(after, limit, filter),
    at: (position) => store.at(position),
    count: (after, upTo) => store.count(after, upTo),
    distance: (after, upTo) => store.distance(after, upTo),
  };
}

/** Another user of the same overlay, whose commands are decided apart from those of the first. */
class SecondUser extends EventStore {
  override readonly failedAppendsAreFinal = true;
  override readonly append: EventStore['append'];

  constructor(private readonly store: EventStore) {
    super();
    this.append = store.append.bind(store); // a test may replace the other's
  }

  streams(names: readonly string[]) {
    return this.store.streams(names);
  }

  subject(id: string) {
    return this.store.subject(id);
  }

  read(after: Position, limit: number, filter?: Filter) {
    return this.store.read(after, limit, filter);
  }

  at(position: Position) {
    return this.store.at(position);
  }

  head() {
    return this.store.head();
  }

  count(after: Position, upTo: Position) {
    return this.store.count(after, upTo);
  }

  distance(after: Position, upTo: Position) {
    return this.store.distance(after, upTo);
  }

  subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal) {
    return this.store.subscribe(after, filter, handle, signal);
  }

  close() {
    return this.store.close();
  }
}

/** An overlay on an empty log. One that is opened again gets the same appends: what it holds ends with it. */
async function openOverlay(): Promise<OpenedLog> {
  const log = await openSqliteLog();
  const below = readingOf(log.store);
  let overlay = new OverlayEventStore(below, '', testEvents);
  return {
    store: overlay,
    second: async () => new SecondUser(overlay),
    async reopen() {
      const { kept } = overlay;
      overlay = new OverlayEventStore(below, '', testEvents);
      for (const { stream: name, subject, revision, ...event } of kept)
        await overlay.append([{ stream: { name, subject }, expected: revision === 0 ? 'no_stream' : revision - 1, events: [event] }]);
      return overlay;
    },
    close: () => log.close(),
  };
}

describeEventStore('OverlayEventStore on an empty log', openOverlay, { isStored: false });

describe('OverlayEventStore on a log with events', () => {
  let log: OpenedSqliteLog;
  beforeEach(async () => {
    log = await openSqliteLog();
    const about = { name: 's', subject: 'one' };
    await log.store.append([{ stream: about, expected: 'no_stream', events: [testEvent(1), testEvent(2)] }]);
  });
  afterEach(() => log.close());

  const overlaid = async () => new OverlayEventStore(readingOf(log.store), await log.store.head(), testEvents);

  it('OverlayEventStore on a log with events continues its streams without changing it', async () => {
    const overlay = await overlaid();
    const before = await readAll(log.store);
    const answers = await overlay.append([
      { stream: { name: 's' }, expected: 1, events: [testEvent(3)] },
      { stream: { name: 'new' }, expected: 'no_stream', events: [testEvent(4)] },
      { stream: { name: 's' }, expected: 0, events: [testEvent(9)] },
    ]);
    expect(answers).toMatchObject([{ revision: 2 }, { revision: 0 }, expect.any(RevisionConflict)]);
    expect((await overlay.streams(['s', 'new'])).map(numbersOf)).toEqual([[1, 2, 3], [4]]);
    expect(numbersOf(await overlay.subject('one'))).toEqual([1, 2, 3]);
    expect(numbersOf(overlay.kept)).toEqual([3, 4]);
    expect(await overlay.commandsOf(['s', 'none'])).toEqual([undefined, { commands: [], position: '' }]);
    expect(await readAll(log.store)).toEqual(before);
  });

  it('OverlayEventStore on a log with events does not see what is recorded in it afterwards', async () => {
    const overlay = await overlaid();
    await log.store.append([{ stream: { name: 's', subject: 'one' }, expected: 1, events: [testEvent(7)] }]);
    expect((await overlay.streams(['s'])).map(numbersOf)).toEqual([[1, 2]]);
    expect(await overlay.commandsOf(['s'])).toEqual([undefined]);
    expect(await overlay.append([{ stream: { name: 's' }, expected: 1, events: [testEvent(3)] }])).toMatchObject([{ revision: 2 }]);
    expect(numbersOf(await readAll(overlay))).toEqual([1, 2, 3]);
    expect(await overlay.at(await log.store.head())).toBeUndefined();
  });

  it('OverlayEventStore on a log with events does not append a second time what is recorded in it already', async () => {
    const [first] = await readAll(log.store);
    const overlay = await overlaid();
    const again = [{ stream: { name: 's' }, expected: 'no_stream' as const, events: [testEvent(1, first?.id)] }];
    expect(await overlay.append(again)).toEqual([{ revision: 0, position: first?.position }]);
    expect(overlay.kept).toEqual([]);
  });

  it('OverlayEventStore on a log with events reads as one log that has recorded all of it, wherever the two meet', async () => {
    const appends = fc.array(fc.record({ stream: fc.constantFrom('a', 'b', 'c'), type: fc.constantFrom('Tested', 'Counted') }), { maxLength: 12 });
    const plain = (events: readonly Recorded[]) => events.map(({ position: _, recordedAt: __, ...rest }) => rest);
    await fc.assert(
      fc.asyncProperty(appends, fc.nat({ max: 12 }), fc.integer({ min: 1, max: 5 }), async (steps, meet, limit) => {
        const [whole, part] = [await openSqliteLog(), await openSqliteLog()];
        try {
          const revisions = new Map<string, number>();
          const all = steps.map(({ stream: name, type }, n): Append => {
            const before = revisions.get(name);
            revisions.set(name, (before ?? -1) + 1);
            return { stream: { name, subject: name }, expected: before ?? 'no_stream', events: [event(type, { n })] };
          });
          for (const each of all) await whole.store.append([each]);
          for (const each of all.slice(0, meet)) await part.store.append([each]);
          const overlay = new OverlayEventStore(readingOf(part.store), await part.store.head(), testEvents);
          for (const each of all.slice(meet)) await overlay.append([each]);
          for (const filter of [undefined, { types: ['Tested'] }, { except: ['Tested'] }, { prefix: 'a' }])
            expect(plain(await readAll(overlay, filter, limit))).toEqual(plain(await readAll(whole.store, filter, limit)));
          const names = ['a', 'b', 'c', 'd'];
          expect((await overlay.streams(names)).map(plain)).toEqual((await whole.store.streams(names)).map(plain));
          const events = await readAll(overlay);
          expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted());
          for (const [at, { position }] of events.entries()) {
            expect(await overlay.count('', position)).toBe(at + 1);
            expect(await overlay.at(position)).toEqual(events[at]);
          }
        } finally {
          await Promise.all([whole.close(), part.close()]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
