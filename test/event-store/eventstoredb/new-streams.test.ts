import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Appended } from '../../../src/event-store/append.js';
import { causedBy } from '../../../src/event-store/cause.js';
import type { Decider } from '../../../src/event-store/decider.js';
import { deterministicId } from '../../../src/event-store/deterministic-id.js';
import type { Event } from '../../../src/event-store/event.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { TruncatedStream } from '../../../src/event-store/eventstoredb/errors.js';
import { Refusal } from '../../../src/event-store/refusal.js';
import { until } from '../../until.js';
import { openSqliteLog } from '../sqlite/sqlite-log.js';
import { numbersOf } from '../test-events.js';
import { type FaultyLog, openFaultyLog } from './faulty-log.js';

type Counted = Event<'Counted', { readonly n: number }>;

/** A row of an import: the final value of a stream. A new stream refuses 13, and 0 is its initial value. */
interface Row {
  readonly stream: string;
  readonly n: number;
}

const latest: Decider<{ readonly n: number; readonly isNew: boolean }, Counted> = {
  initial: () => ({ n: 0, isNew: true }),
  evolve: (_, { data: { n } }) => ({ n, isNew: false }),
};
const cause = { correlation: randomUUID(), by: 'import', origin: 'import' as const };

/** Decides like a row of an import: the same row has the same id. */
function state(store: EventStore, { stream, n }: Row): Promise<Appended> {
  const given = { id: deterministicId(`${stream} ${n}`), at: '2026-10-01T01:00:00.000Z', assertsState: true };
  return store.decide({ given }, { name: stream }, latest, (before): readonly Counted[] => {
    if (n === 13 && before.isNew) throw new Refusal('counter.new', 'new');
    return n === before.n ? [] : [{ type: 'Counted', data: { n } }];
  });
}

/** The number of events of each row, or that it was refused. */
async function cameTo(store: EventStore, rows: readonly Row[]): Promise<readonly (number | string)[]> {
  const outcomes = await causedBy(cause, () => Promise.allSettled(rows.map((row) => state(store, row))));
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.recorded : outcome.reason.name));
}

const STREAMS = 64;
const named = (at: number) => `s-${String(at).padStart(2, '0')}`;
const every = (n: number): readonly Row[] => Array.from({ length: STREAMS }, (_, at) => ({ stream: named(at), n }));
/** A stream that is not read when none of those read exists. */
const UNREAD = 30;
const only = (stream: number, n: number): readonly Row[] => [{ stream: named(stream), n }];

describe('Rows of an import on many streams in EventStoreDB', () => {
  let faulty: FaultyLog;
  let store: EventStore;
  let lookedFor: () => number;
  beforeEach(async () => {
    faulty = await openFaultyLog();
    store = faulty.open();
    const streams = jest.spyOn(store, 'streams');
    lookedFor = () => streams.mock.calls.splice(0).flatMap(([names]) => names).length;
  });
  afterEach(() => faulty.close());

  const numbers = async (at: number) => numbersOf((await store.streams([named(at)]))[0] ?? []);
  const restOf = (outcomes: readonly unknown[]) => outcomes.filter((_, at) => at !== UNREAD);

  it('Rows of an import on many streams in EventStoreDB are recorded without reading most streams when these are new, and record nothing when repeated', async () => {
    expect(await cameTo(store, every(1))).toEqual(every(1).map(() => 1));
    expect(lookedFor()).toBeLessThanOrEqual(STREAMS / 8);
    expect(await cameTo(store, every(1))).toEqual(every(1).map(() => 0));
    expect(await cameTo(store, every(2))).toEqual(every(2).map(() => 1));
    expect(await numbers(UNREAD)).toEqual([1, 2]);
  });

  it('Rows of an import on many streams in EventStoreDB record nothing on a stream that has them already, although the streams read first are new', async () => {
    await cameTo(store, only(UNREAD, 1));
    lookedFor();
    const outcomes = await cameTo(store, every(1));
    expect([outcomes[UNREAD], ...new Set(restOf(outcomes))]).toEqual([0, 1]);
    expect(lookedFor()).toBeLessThan(STREAMS);
    expect(await numbers(UNREAD)).toEqual([1]);
  });

  it('Rows of an import on many streams in EventStoreDB record changes on an existing stream, although the streams read first are new', async () => {
    for (const n of [1, 2]) await cameTo(store, only(UNREAD, n));
    expect(await cameTo(store, every(1))).toEqual(every(1).map(() => 1));
    expect(await numbers(UNREAD)).toEqual([1, 2, 1]);
  });

  it.each([
    ['is refused of a new stream only', 13],
    ['says what holds of a new stream', 0],
  ])('Rows of an import on many streams in EventStoreDB are decided on the real history when a row %s', async (_, n) => {
    await cameTo(store, only(UNREAD, 1));
    const outcomes = await cameTo(store, every(n));
    expect([outcomes[UNREAD], ...new Set(restOf(outcomes))]).toEqual([1, n === 13 ? 'Refusal' : 0]);
    expect(await numbers(UNREAD)).toEqual([1, n]);
  });

  it('Rows of an import on many streams in EventStoreDB are decided again after a revision conflict', async () => {
    const other = faulty.open();
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementationOnce(async (appends) => {
      await cameTo(other, only(UNREAD, 7));
      return append(appends);
    });
    expect(await cameTo(store, every(7))).toEqual(every(7).map(() => 1));
    expect(await numbers(UNREAD)).toEqual([7]);
  });

  it.each([false, true])(
    'Rows of an import on many streams in EventStoreDB are recorded and counted once when the answers are lost (the server no longer knows their positions: %s)',
    async (forgetsPlaces) => {
      Object.assign(faulty.server.appending, { forgetsPlaces, unanswered: Number.POSITIVE_INFINITY });
      const counted = cameTo(store, every(1));
      await until('one is recorded', () => faulty.server.log.stream(named(UNREAD)));
      faulty.server.appending.unanswered = 0;
      faulty.proxy.cut();
      expect(await counted).toEqual(every(1).map(() => 1));
      expect(await numbers(UNREAD)).toEqual([1]);
    },
  );

  it('Rows of an import on many streams in EventStoreDB are refused on a stream that was deleted in EventStoreDB, whose revisions continue', async () => {
    await cameTo(store, only(UNREAD, 1));
    faulty.server.log.softDelete(named(UNREAD));
    expect((await cameTo(store, every(2)))[UNREAD]).toBe(TruncatedStream.name);
  });

  it('Rows of an import on many streams in EventStoreDB lead to the same events as in SQLite, whatever is recorded before', async () => {
    const row = fc.record({ stream: fc.nat({ max: STREAMS - 1 }).map(named), n: fc.constantFrom(0, 1, 2, 13) });
    const turn = fc.oneof(fc.array(row, { maxLength: 5 }), fc.array(row, { minLength: STREAMS, maxLength: 2 * STREAMS }));
    let run = 0;
    const sqlite = await openSqliteLog();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(turn, { maxLength: 4 }), async (turns) => {
          run += 1;
          const name = (stream: string) => `run-${run}-${stream}`;
          for (const rows of turns) {
            const here = rows.map(({ stream, n }) => ({ stream: name(stream), n }));
            expect(await cameTo(store, here)).toEqual(await cameTo(sqlite.store, here));
          }
          const names = Array.from({ length: STREAMS }, (_, at) => name(named(at)));
          const said = async (log: EventStore) => (await log.streams(names)).map((events) => events.map(({ id, revision, data }) => ({ id, revision, data })));
          expect(await said(store)).toEqual(await said(sqlite.store));
        }),
        { numRuns: 20 },
      );
    } finally {
      await sqlite.close();
    }
  });
});
