import { describe, expect, it } from '@jest/globals';
import { subjectStreamsBy } from '../../projections/subject-streams.js';
import { knownEvents } from '../../src/composition/known/events.js';
import type { Recorded } from '../../src/event-store/event.js';
import { documentOf } from '../decided.js';
import { projected } from './projected.js';

const subjectStreams = subjectStreamsBy(Object.keys(knownEvents));

describe("A candidate's streams", () => {
  const recorded = (type: string, stream: string, subject?: string): Recorded => ({
    type,
    data: {},
    id: `${type} in ${stream}`,
    stream,
    revision: 0,
    position: '1',
    recordedAt: '2026-11-22T08:00:00.000Z',
    metadata: { command: 'c', correlation: 'd', by: 'test', origin: 'office' },
    ...(subject !== undefined && { subject }),
  });

  it('A candidate’s streams are listed once each, in the order in which they began, those of the forgotten, too', () => {
    const events = [
      recorded('CandidateRegistered', 'candidate-1'),
      recorded('ScoreRecorded', 'results-1-2610'),
      recorded('PasswordSet', 'candidate-1'),
      recorded('ScoreCorrected', 'results-1-2610'),
      recorded('SignedIn', 'login-1-202610'),
      recorded('CandidateForgotten', 'candidate-1'),
    ];
    expect(documentOf(subjectStreams, events)).toEqual({ streams: ['candidate-1', 'results-1-2610', 'login-1-202610'] });
  });

  it('A candidate’s streams are kept by candidate', async () => {
    const scored = { type: 'ScoreRecorded', data: {} };
    const events = [{ ...scored, subject: 'zhang' }, { ...scored, subject: 'li' }, scored];
    expect(await projected(subjectStreams, events)).toEqual({ zhang: { streams: ['stream-zhang'] }, li: { streams: ['stream-li'] } });
  });
});
