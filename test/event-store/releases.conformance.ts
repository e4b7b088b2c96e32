import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { causedBy } from '../../src/event-store/cause.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import type { Open, OpenedLog } from './opened-log.js';
import { event, newerEvents, olderEvents, readAll, testEvent } from './test-events.js';

/** What holds of a log that processes of several releases write to. */
export function sharingReleases(open: Open): void {
  let log: OpenedLog;
  let store: EventStore;
  beforeEach(async () => {
    log = await open();
    store = log.store;
  });
  afterEach(() => log.close());

  const decide = (name: string) =>
    causedBy({ correlation: randomUUID(), by: 'office:test', origin: 'office' }, () => {
      const counting = { initial: () => 0, evolve: (before: number) => before + 1 };
      const given = { id: randomUUID(), at: '2026-10-01T01:00:00.000Z' };
      return store.decide({ given }, { name, subject: 'one' }, counting, () => [{ type: 'Counted', data: { n: 1 } }]);
    });

  it('The event store reads an event of an older release in its current version', async () => {
    const older = await log.second(olderEvents);
    await older.append([{ stream: { name: 's' }, expected: 'no_stream', events: [event('Named', { title: 'old' })] }]);
    await store.append([{ stream: { name: 's' }, expected: 0, events: [event('Named', { name: 'new' })] }]);
    const [events = []] = await store.streams(['s']);
    expect(events.map(({ data }) => data)).toEqual([{ name: 'old' }, { name: 'new' }]);
    expect(events.some(({ unknown }) => unknown)).toBe(false);
  });

  it('The event store returns an event of a newer release unchanged and marked as unknown', async () => {
    const newer = await log.second(newerEvents);
    const appended = [event('Invented', { what: 1 }), event('Named', { name: 'newest' }), testEvent(2)];
    await newer.append([{ stream: { name: 's', subject: 'one' }, expected: 'no_stream', events: appended }]);
    for (const events of [(await store.streams(['s']))[0], await store.subject('one'), await readAll(store)])
      expect(events).toMatchObject([
        { type: 'Invented', data: { what: 1 }, subject: 'one', unknown: true },
        { type: 'Named', data: { name: 'newest' }, unknown: true },
        { type: 'Tested', data: { n: 2 } },
      ]);
    expect(await store.commandsOf(['s'])).toEqual([undefined]);
    const [, , known] = await readAll(store);
    expect(known).not.toHaveProperty('unknown');
  });

  it('The event store is unavailable for a stream with an event of a newer release', async () => {
    const newer = await log.second(newerEvents);
    await newer.append([{ stream: { name: 's', subject: 'one' }, expected: 'no_stream', events: [event('Invented', {})] }]);
    const [unknown, known] = await Promise.allSettled(['s', 'other'].map(decide));
    expect(unknown).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(known?.status).toBe('fulfilled');
  });
}
