import { expect, it } from '@jest/globals';
import { endedSessions } from '../../../projections/ended-sessions.js';
import { projected } from '../../projections/projected.js';

const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

it('The read model of ended sessions keeps a session until its cookie would be refused anyway', async () => {
  const until = '2026-11-22T20:00:00.000Z';
  expect(await projected(endedSessions, [{ ...zhang, type: 'SignedOut', data: { candidateId, session: 's1', until } }])).toEqual({ s1: { until } });
});
