import { describe, expect, it } from '@jest/globals';
import { periods } from '../../../projections/periods.js';
import { projected } from '../../projections/projected.js';

describe('The read model of periods', () => {
  const terms = {
    name: '2026年10月',
    registration: { opens: '2026-06-01T00:00:00Z', closes: '2026-06-08T00:00:00Z' },
    confirmation: {},
    enrolment: { opens: '2026-08-25T00:00:00Z' },
    paymentCloses: '2026-09-05T00:00:00Z',
    examStarts: '2026-10-24',
    examEnds: '2026-10-25',
  };
  const announced = { type: 'PeriodAnnounced', data: { period: '2610', ...terms } } as const;
  const unit = { type: 'UnitScheduled', data: { period: '2610', unit: 'A', date: '2026-10-24', starts: '09:00' } } as const;
  const paper = { type: 'PaperScheduled', data: { period: '2610', course: '06090', unit: 'A', form: 'written', minutes: 120 } } as const;
  const released = { type: 'ResultsReleaseScheduled', data: { period: '2610', at: '2026-11-20T02:00:00Z' } } as const;
  const arranged = { type: 'ArrangementsReleaseScheduled', data: { period: '2610', at: '2026-10-15T02:00:00Z' } } as const;
  const timetable = { units: { A: { date: '2026-10-24', starts: '09:00' } }, papers: { '06090': { unit: 'A', form: 'written', minutes: 120 } } };
  const releases = { arrangementsReleasedAt: '2026-10-15T02:00:00Z', resultsReleasedAt: '2026-11-20T02:00:00Z' };

  it('The read model of periods has terms, releases, units and papers', async () => {
    expect(await projected(periods, [announced, unit, paper, released, arranged])).toEqual({ '2610': { ...terms, ...releases, ...timetable } });
  });

  it('The read model of periods replaces the terms when they change, and keeps releases and timetable', async () => {
    const shorter = { name: '2026年10月（调整）', registration: {}, confirmation: {}, enrolment: {} };
    const anew = { type: 'PeriodAnnounced', data: { period: '2610', ...shorter } } as const;
    expect(await projected(periods, [announced, unit, paper, released, arranged, anew])).toEqual({ '2610': { ...shorter, ...releases, ...timetable } });
  });

  it('The read model of periods has no cancelled release', async () => {
    const takenBack = { type: 'ResultsReleaseScheduled', data: { period: '2610' } } as const;
    expect(await projected(periods, [announced, released, takenBack])).toEqual({ '2610': { ...terms, units: {}, papers: {} } });
  });

  it('The read model of periods has the unit and the paper recorded last', async () => {
    const later = { type: 'UnitScheduled', data: { period: '2610', unit: 'A', date: '2026-10-25', starts: '14:30' } } as const;
    const practical = { type: 'PaperScheduled', data: { period: '2610', course: '06090', form: 'practical' } } as const;
    expect(await projected(periods, [announced, unit, paper, later, practical])).toMatchObject({
      '2610': { units: { A: { date: '2026-10-25', starts: '14:30' } }, papers: { '06090': { form: 'practical' } } },
    });
  });
});
