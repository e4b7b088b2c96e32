import { expect, it } from '@jest/globals';
import { lacking } from '../../src/cli/lacking.js';
import { START } from '../../src/event-store/event.js';
import { KeptEvents } from '../payments/kept-events.js';

/** A log that counts three events and no further. */
class CountingEvents extends KeptEvents {
  override readonly countLimit = 3;

  constructor(private readonly counted: number) {
    super(() => '2026-10-01T01:00:00.000Z');
  }

  override async count(): Promise<number> {
    return this.counted;
  }
}

it.each<[number, { readonly behind: number; readonly more: boolean }]>([
  [2, { behind: 2, more: false }],
  [3, { behind: 3, more: true }],
])('projections says that there may be more events than the log counts: of %s it says %s', async (counted, shown) => {
  expect(await lacking(new CountingEvents(counted), START)).toEqual(shown);
});
