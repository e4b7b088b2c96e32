import { expect, it } from '@jest/globals';
import { lacking } from '../../src/cli/projections.js';
import { START } from '../../src/event-store/event.js';
import { KeptEvents } from '../payments/kept-events.js';

/** A log that counts three events, and estimates beyond. */
class EstimatingEvents extends KeptEvents {
  override readonly countedExactly = 3;

  constructor(private readonly counted: number) {
    super(() => '2026-10-01T01:00:00.000Z');
  }

  override async count(): Promise<number> {
    return this.counted;
  }
}

it.each<[number, { readonly behind: number; readonly more: boolean }]>([
  [3, { behind: 3, more: false }],
  [124_618, { behind: 3, more: true }],
])('projections shows no estimate as a number of events: of %s it says %s', async (counted, shown) => {
  expect(await lacking(new EstimatingEvents(counted), START)).toEqual(shown);
});
