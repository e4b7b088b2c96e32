import { jest } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import type { Answer, TestCentre } from '../../centre.js';

const away = () => Promise.reject(new StoreUnavailable('the log cannot be used now'));

/** The log neither takes anything nor answers what it holds. Ended by jest.restoreAllMocks, as all here. */
export function logAway(centre: TestCentre): void {
  jest.spyOn(centre.get(EventStore), 'append').mockImplementation(away);
  jest.spyOn(centre.get(EventStore), 'streams').mockImplementation(away);
}

/** What is appended is not recorded, and nobody says so. */
export function appendsLost(centre: TestCentre): void {
  jest.spyOn(centre.get(EventStore), 'append').mockImplementation(away);
}

/** Appends are recorded and their answers are lost; `for good`: from then on the log is away. */
export function answersLost(centre: TestCentre, how: 'once' | 'for good' = 'once'): void {
  const events = centre.get(EventStore);
  const append = events.append.bind(events);
  jest.spyOn(events, 'append').mockImplementation(async (given) => {
    await append(given);
    if (how === 'for good') logAway(centre);
    return away();
  });
}

/** Where a page looks up the outcome by itself; undefined where it does not. */
export function lookedUpAt({ $ }: Answer): string | undefined {
  return $('#outcome').attr('hx-get') ?? /url=(.*)$/.exec($('meta[http-equiv=refresh]').attr('content') ?? '')?.[1];
}
