import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import { positionBefore } from '../../src/event-store/reading/log-times.js';
import type { Open, OpenedLog } from './opened-log.js';
import { readAll, testEvent } from './test-events.js';

export function lookingBack(open: Open): void {
  let log: OpenedLog;
  beforeEach(async () => {
    log = await open();
  });
  afterEach(() => log.close());

  const record = (name: string, count: number) =>
    log.store.append([{ stream: { name }, expected: 'no_stream', events: Array.from({ length: count }, (_, n) => testEvent(n)) }]);

  it('The event store finds a position so many events before another', async () => {
    const { store } = log;
    await record('a', 10);
    const events = await readAll(store);
    const position = (n: number) => events[n]?.position ?? '';
    const found = [await store.positionBack(position(9), 1), await store.positionBack(position(9), 7), await store.positionBack(position(2), 2)];
    expect(found).toEqual([position(8), position(2), position(0)]);
    for (const [from, back] of [
      [position(2), 3],
      [position(0), 1],
      [position(9), 1_000],
      [START, 1],
    ] as const)
      expect(await store.positionBack(from, back)).toBe(START);
  });

  it('The position before an instant is found without reading what is much older', async () => {
    const { store } = log;
    await record('a', 900);
    await record('b', 900);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const [all, position] = [await readAll(store), await positionBefore(store, soon)];
    expect(all.findIndex((event) => event.position === position)).toBeGreaterThanOrEqual(1_299);
    expect(await positionBefore(store, all[0]?.recordedAt ?? '')).toBe(START);
  });
}
