import { expect, it } from '@jest/globals';
import type { Recorded } from '../../../src/event-store/event.js';
import { eventSpooled, spooledEvent } from '../../../src/read-models/spooling/spooled-event.js';

const least: Recorded = {
  type: 'ScoreRecorded',
  data: { score: 76 },
  id: 'id',
  stream: 'results-1',
  revision: 3,
  position: '0000000000000007',
  recordedAt: '2026-11-22T08:00:00.000Z',
  metadata: { command: 'c', correlation: 'r', by: 'office:li', origin: 'office' },
};
const most: Recorded = { ...least, subject: 'one', unknown: true, metadata: { ...least.metadata, onBehalfOf: 'two', why: '更正' } };

it('A spooled event is read as the same event, with all of its fields and no others', () => {
  for (const event of [least, most]) expect(eventSpooled(JSON.parse(spooledEvent(event)))).toStrictEqual(event);
});
