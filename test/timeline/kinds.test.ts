import { expect, it } from '@jest/globals';
import { eventKinds, isEventKind, kindOf } from '../../src/timeline/kinds.js';
import { drawn, everyType } from '../every-event.js';

it('Each event about a candidate is of a kind by which it is looked for, tasks apart', () => {
  const of = (type: (typeof everyType)[number]) =>
    drawn(type, { id: (kind) => kind, of: (...values) => values[0] as (typeof values)[number], instant: () => '2026-11-22T00:00:00.000Z' });
  const about = everyType.filter((type) => of(type).subject !== undefined);
  expect(about.length).toBeGreaterThan(40);
  expect(about.filter((type) => kindOf(type) === 'other')).toEqual([]);
});

it('A kind of events is taken from an address only where there is one of that name', () =>
  expect([isEventKind('payment'), isEventKind('toString'), isEventKind(['payment']), Object.keys(eventKinds).length]).toEqual([true, false, false, 8]));
