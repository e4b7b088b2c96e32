import { randomUUID } from 'node:crypto';
import type { EventToAppend } from '../../src/event-store/append.js';
import { type Metadata, type Position, type Recorded, START } from '../../src/event-store/event.js';
import type { EventStore, Filter } from '../../src/event-store/event-store.js';
import type { EventTypes } from '../../src/event-store/event-types.js';

/** A release in which `Named` was changed once: `title` became `name`. */
export const testEvents: EventTypes = {
  Tested: [],
  Counted: [],
  Named: [({ title }: { title: string }) => ({ name: title })],
};

/** The previous release. */
export const olderEvents: EventTypes = { ...testEvents, Named: [] };

/** The next release, in which `Named` was changed again and `Invented` was added. */
export const newerEvents: EventTypes = { ...testEvents, Named: [...(testEvents.Named ?? []), (data: object) => data], Invented: [] };

export const metadata: Metadata = { command: randomUUID(), correlation: randomUUID(), by: 'office:test', why: 'a test', origin: 'office' };

export function event(type: string, data: object, id: string = randomUUID()): EventToAppend {
  return { type, id, data, metadata };
}

export function testEvent(n: number, id?: string): EventToAppend {
  return event('Tested', { n }, id);
}

/** The numbers in the data of `Tested` events. */
export function numbersOf(events: readonly Recorded[]): number[] {
  return events.map(({ data }) => (data as { n: number }).n);
}

/** All events that match the filter, read page by page. */
export async function readAll(store: EventStore, filter?: Filter, limit = 1_000, after: Position = START): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for (let position = after; ; ) {
    const page = await store.read(position, limit, filter);
    events.push(...page.events);
    position = page.position;
    if (page.end) return events;
  }
}

/** The pages of a subscription so far. */
export interface Subscribed {
  readonly events: readonly Recorded[];
  /** Resolves when so many events were delivered. */
  until(count: number): Promise<void>;
  /** Ends the subscription; resolves when it has ended. */
  stop(): Promise<void>;
}

export function subscribed(store: EventStore, after: Position = START, filter?: Filter): Subscribed {
  const events: Recorded[] = [];
  const stopping = new AbortController();
  let more = Promise.withResolvers<void>();
  const ended = store.subscribe(
    after,
    filter,
    async (page) => {
      events.push(...page.events);
      more.resolve();
      more = Promise.withResolvers();
    },
    stopping.signal,
  );
  return {
    events,
    async until(count) {
      while (events.length < count) await Promise.race([more.promise, ended]);
    },
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
