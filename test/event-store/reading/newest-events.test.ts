import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type Recorded, START } from '../../../src/event-store/event.js';
import { newestEvents } from '../../../src/event-store/reading/newest-events.js';
import { MemoryEventStore } from '../../read-models/memory.event-store.js';

const { signal } = new AbortController();
const numberOf = ({ data }: Recorded) => (data as { number: number }).number;

function logOf(count: number): MemoryEventStore {
  const events = new MemoryEventStore();
  events.tell(Array.from({ length: count }, (_, number) => ({ type: 'Passed', data: { number } })));
  return events;
}

it('The newest events of a log are the last that match, whether or not the store can look back', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(9_000),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 3_000 }),
      fc.boolean(),
      async (count, limit, every, looksBack) => {
        const log = logOf(count);
        if (!looksBack) log.positionBack = async () => START;
        const matches = (event: Recorded) => numberOf(event) % every === 0;
        const all = log.all.filter(matches);
        const found = await newestEvents(log, { after: START, upTo: await log.head(), matches, signal }, limit);
        expect(found.events).toEqual(all.slice(-limit));
        expect(found.more).toBe(all.length > limit);
      },
    ),
    { numRuns: 40 },
  ));

it('The newest events of a long log are read from its end alone', async () => {
  const log = logOf(50_000);
  const read = jest.spyOn(log, 'read');
  const { events } = await newestEvents(log, { after: START, upTo: await log.head(), matches: () => true, signal }, 20);
  expect(events.map(numberOf)).toEqual(Array.from({ length: 20 }, (_, at) => 49_980 + at));
  expect(read.mock.calls.length).toBeLessThan(5);
});

it('Events outside the part of the log that is searched are not found', async () => {
  const log = logOf(5_000);
  const [after, upTo] = [log.all[999]?.position ?? '', log.all[3_999]?.position ?? ''];
  const { events, more } = await newestEvents(log, { after, upTo, matches: () => true, signal }, 10_000);
  expect([events.length, numberOf(events[0] as Recorded), more]).toEqual([3_000, 1_000, false]);
});
