import { describe, expect, it } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import { endAt } from '../../../src/event-store/reading/log-times.js';
import { PastEvents } from '../../../src/event-store/reading/past-events.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { PastReadModels } from '../../../src/read-models/serving/past.read-models.js';
import { added, countsByTarget, removed, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;

/** An event each second from noon. */
function logOf(...told: readonly Told[]): MemoryEventStore {
  const log = new MemoryEventStore();
  log.tell(told.map((event, second) => ({ ...event, recordedAt: `2026-11-22T12:00:0${second}.000Z` })));
  return log;
}

async function past(log: MemoryEventStore, instant: string) {
  const end = await endAt(log, instant);
  const events = new PastEvents(log, end);
  return { end, events, readModels: new PastReadModels({ events }, end, [texts, counts]) };
}

describe('The past of the read models', () => {
  const log = logOf(added('zhang', 'a', 'A7'), added('zhang', 'b', 'A7'), added('li', 'c', 'B1'), removed('zhang', 'A7'), spoilt('li'), added('li', 'd', 'B1'));

  it.each<[string, unknown, unknown]>([
    ['2026-11-22T11:59:59.999Z', { texts: [] }, {}],
    ['2026-11-22T12:00:00.000Z', { texts: ['a'] }, { A7: { count: 1 } }],
    ['2026-11-22T12:00:02.500Z', { texts: ['a', 'b'] }, { A7: { count: 2 }, B1: { count: 1 } }],
    ['2026-11-22T12:00:03.000Z', { texts: [] }, { A7: { count: 1 }, B1: { count: 1 } }],
  ])('The past of the read models holds at %s the documents that the events until then come to', async (instant, ofZhang, all) => {
    const { readModels, end } = await past(log, instant);
    expect(await readModels.get(texts, 'zhang')).toEqual(ofZhang);
    const { documents, position } = await readModels.all(counts);
    expect([Object.fromEntries(documents), position]).toEqual([all, end]);
    expect(await readModels.get(counts, 'A7')).toEqual(documents.get('A7') ?? counts.empty);
    expect((await readModels.checkpoint()).position).toBe(end);
  });

  it('The past of the read models keeps a document before the first event that it cannot take', async () => {
    expect(await (await past(log, '2026-11-22T13:00:00.000Z')).readModels.get(texts, 'li')).toEqual({ texts: ['c'] });
  });
});

describe('The past of the log', () => {
  const log = logOf(added('zhang', 'a'), added('li', 'b'), added('zhang', 'c'));

  it('The past of the log ends at its last event, for every way of reading', async () => {
    const { events, end } = await past(log, '2026-11-22T12:00:01.000Z');
    expect(await events.head()).toBe(end);
    expect((await events.subject('zhang')).map(({ position }) => position)).toEqual(['00000001']);
    expect((await events.streams(['stream-zhang']))[0]).toHaveLength(1);
    expect(await events.read(START, 10)).toMatchObject({ events: [{ subject: 'zhang' }, { subject: 'li' }], position: end, end: true });
    expect(await events.at('00000003')).toBeUndefined();
    const stopping = new AbortController();
    const seen: string[] = [];
    const following = events.subscribe(START, undefined, async (page) => void seen.push(...page.events.map(({ position }) => position)), stopping.signal);
    log.tell([added('li', 'later')]);
    stopping.abort();
    await following;
    expect(seen).toEqual(['00000001', '00000002']);
  });

  it('The past of the log takes no events', async () => {
    const { events } = await past(log, '2026-11-22T12:00:01.000Z');
    await expect(events.append()).rejects.toThrow('nothing is recorded in the past');
  });

  it('The past of the log is empty before the first event', async () => {
    expect((await past(log, '2026-11-22T11:00:00.000Z')).end).toBe(START);
  });
});
