import { describe, expect, it, jest } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import { positionBefore } from '../../../src/event-store/reading/log-times.js';
import { MemoryEventStore } from '../../read-models/memory.event-store.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22) + second * 1_000).toISOString();

/** An event each second. */
function logOf(count: number): MemoryEventStore {
  const events = new MemoryEventStore();
  events.tell(Array.from({ length: count }, (_, second) => ({ type: 'Passed', data: {}, recordedAt: at(second) })));
  return events;
}

describe('The position before an instant', () => {
  it('The position before an instant is before all events of that instant and later, and not far before them', async () => {
    const events = logOf(20_000);
    for (const second of [0, 1, 700, 12_345, 19_999]) {
      const position = await positionBefore(events, at(second));
      const after = (await events.read(position, 20_000)).events;
      expect(after.filter(({ recordedAt }) => recordedAt >= at(second))).toHaveLength(20_000 - second);
      expect(after.filter(({ recordedAt }) => recordedAt < at(second)).length).toBeLessThan(1_200);
    }
  });

  it('The position before an instant allows for clocks that differ by a minute', async () => {
    const events = logOf(5_000);
    events.tell([{ type: 'Passed', data: {}, recordedAt: at(4_950) }]);
    const { events: after } = await events.read(await positionBefore(events, at(4_950)), 20_000);
    expect(after.filter(({ recordedAt }) => recordedAt >= at(4_950))).toHaveLength(51);
  });

  it('The position before an instant is found from the end of a log that cannot be divided, without reading what is much older', async () => {
    const events = logOf(20_000);
    jest.spyOn(events, 'splitRange').mockResolvedValue([]);
    const back = jest.spyOn(events, 'positionBack');
    for (const second of [0, 700, 12_345, 17_000, 19_999]) {
      back.mockClear();
      const { events: after } = await events.read(await positionBefore(events, at(second)), 20_000);
      const since = 20_000 - second;
      expect(after.filter(({ recordedAt }) => recordedAt >= at(second))).toHaveLength(since);
      const passed = back.mock.calls.reduce((sum, [, step]) => sum + step, 0);
      expect(passed).toBeLessThanOrEqual(2 * since + 1_500);
    }
  });

  it('The position before an instant is the beginning of a log that can neither be divided nor be looked back in', async () => {
    const events = logOf(5_000);
    jest.spyOn(events, 'positionBack').mockResolvedValue(START);
    jest.spyOn(events, 'splitRange').mockResolvedValue([]);
    expect(await positionBefore(events, at(4_000))).toBe(START);
  });
});
