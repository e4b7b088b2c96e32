import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { subjectStreamsBy } from '../../projections/subject-streams.js';
import { knownEvents } from '../../src/composition/known/events.js';
import { streamsBy } from '../../src/composition/subject-index.js';
import { EventStoreDBEventStore } from '../../src/event-store/eventstoredb/event-store.js';
import { parseEventStoreUrl } from '../../src/event-store/eventstoredb/url.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import type { Projection } from '../../src/read-models/projection.js';
import { openEventStoreDBLog } from '../event-store/eventstoredb/eventstoredb-log.js';
import { MemoryEventStore, type Told } from '../read-models/memory.event-store.js';
import { ReadModelsFolder } from '../read-models/projecting/projecting.js';

const projection = subjectStreamsBy(Object.keys(knownEvents)) as Projection;
const signedIn = (subject: string): Told => ({ type: 'SignedIn', subject, data: { candidateId: subject } });
const ofNewerRelease = (subject: string): Told => ({ type: 'Renamed', subject, data: {}, unknown: true });
/** Milliseconds: for an index that is not going to come. */
const NO_PATIENCE = 1;

describe('The streams of a candidate, by the index of candidates', () => {
  let events: MemoryEventStore;
  let folder: ReadModelsFolder;
  beforeEach(() => {
    events = new MemoryEventStore();
    folder = new ReadModelsFolder();
  });
  afterEach(() => folder.drop());

  const caughtUp = async () => {
    const { progress, untilState, stop } = folder.start(events, [projection]);
    await untilState('live');
    await stop();
    return progress();
  };

  it("The streams of a candidate are returned once the index has seen the log's end", async () => {
    const end = events.tell([signedIn('zhang'), signedIn('li')]);
    await caughtUp();
    expect(await streamsBy(folder.readModels)('zhang', end)).toEqual(['stream-zhang']);
    expect(await streamsBy(folder.readModels)('wang', end)).toEqual([]);
  });

  it('The streams of a candidate are not returned by an index that is behind, stopped or being built', async () => {
    const end = events.tell([signedIn('zhang')]);
    await expect(streamsBy(folder.readModels, NO_PATIENCE)('zhang', end)).rejects.toThrow(StoreUnavailable);
    await caughtUp();
    const later = events.tell([signedIn('zhang')]);
    await expect(streamsBy(folder.readModels, NO_PATIENCE)('zhang', later)).rejects.toThrow(StoreUnavailable);
  });

  it('The streams of a candidate are waited for while the index catches up', async () => {
    const end = events.tell([signedIn('zhang')]);
    const asked = streamsBy(folder.readModels, 60_000)('zhang', end);
    await caughtUp();
    expect(await asked).toEqual(['stream-zhang']);
  });

  it('The streams of a candidate are not returned for a quarantined candidate, and are for others', async () => {
    const end = events.tell([signedIn('zhang'), ofNewerRelease('zhang'), signedIn('li')]);
    await caughtUp();
    await expect(streamsBy(folder.readModels)('zhang', end)).rejects.toThrow(StoreUnavailable);
    expect(await streamsBy(folder.readModels)('li', end)).toEqual(['stream-li']);
  });
});

it("The history of a candidate on EventStoreDB is read by an index that has seen the log's end", async () => {
  const opened = await openEventStoreDBLog();
  const asked: string[] = [];
  const address = parseEventStoreUrl(`esdb://127.0.0.1:${opened.server.port}?tls=false`, { production: false });
  const store = new EventStoreDBEventStore(address, knownEvents, async (_subject, upTo) => {
    asked.push(upTo);
    throw new StoreUnavailable('the index is behind');
  });
  try {
    const metadata = { command: 'c', correlation: 'c', by: 'test', origin: 'office' } as const;
    const event = { id: '7f1d6a52-2f3a-4c56-9d64-0d0b7c1c7a55', type: 'SiteConfirmed', data: { candidateId: 'zhang' }, metadata };
    await store.append([{ stream: { name: 'candidate-zhang', subject: 'zhang' }, expected: 'no_stream', events: [event] }]);
    await expect(store.subject('zhang')).rejects.toThrow('the index is behind');
    expect(asked).toEqual([await store.head()]);
  } finally {
    await store.close();
    await opened.close();
  }
});
