import { describe, expect, it } from '@jest/globals';
import { sittings } from '../../projections/sittings.js';
import { projected } from '../projections/projected.js';

const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

describe('The read model of sittings', () => {
  const enrolled = (course: string) => ({ ...zhang, type: 'CourseEnrolled', data: { candidateId, period: '2610', course } }) as const;
  const bill = (type: 'BillPaid' | 'BillRefunded' | 'BillReopened', number: string, kind: 'enrolment' | 'thesis' = 'enrolment') =>
    ({ ...zhang, type, data: { candidateId, bill: number, kind, period: '2610', codes: ['06090', '00261'] } }) as const;
  const scored = (type: 'ScoreRecorded' | 'ScoreCorrected', score: number) =>
    ({ ...zhang, type, data: { candidateId, period: '2610', course: '06090', result: { score } }, recordedAt: '2026-12-01T00:00:00.000Z' }) as const;

  it('The read model of sittings has enrolments and withdrawals by course', async () => {
    const withdrawn = { ...zhang, type: 'CourseWithdrawn', data: { candidateId, period: '2610', course: '00261' } } as const;
    expect(await projected(sittings, [enrolled('06090'), enrolled('00261'), withdrawn])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: false }, '00261': { enrolled: false, paid: false } } },
    });
  });

  it('The read model of sittings marks each course of a paid enrolment bill as paid', async () => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill('BillPaid', '2', 'thesis')])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: true, paidBy: ['1'] }, '00261': { enrolled: false, paid: true, paidBy: ['1'] } } },
    });
  });

  it.each(['BillRefunded', 'BillReopened'] as const)('The read model of sittings are unpaid after %s', async (type) => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill(type, '1')])).toMatchObject({
      zhang: { '2610': { '06090': { paid: false }, '00261': { paid: false } } },
    });
  });

  it('The read model of sittings keeps a course paid that was paid twice when one bill is refunded', async () => {
    const twice = [enrolled('06090'), bill('BillPaid', '1'), bill('BillPaid', '2')];
    expect(await projected(sittings, [...twice, bill('BillRefunded', '2')])).toMatchObject({ zhang: { '2610': { '06090': { paid: true, paidBy: ['1'] } } } });
    expect(await projected(sittings, [...twice, bill('BillRefunded', '1')])).toMatchObject({ zhang: { '2610': { '06090': { paid: true, paidBy: ['2'] } } } });
  });

  it('The read model of sittings ignores a bill that never paid for a course', async () => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill('BillReopened', '2')])).toMatchObject({
      zhang: { '2610': { '06090': { paid: true } } },
    });
  });

  it('The read model of sittings has a seat until it is cancelled', async () => {
    const seat = { site: '某中学', address: '某路1号', room: '012', seat: '07' };
    const arranged = { ...zhang, type: 'SeatArranged', data: { candidateId, period: '2610', course: '06090', ...seat } } as const;
    const cancelled = { ...zhang, type: 'SeatCancelled', data: { candidateId, period: '2610', course: '06090' } } as const;
    expect(await projected(sittings, [enrolled('06090'), arranged])).toEqual({ zhang: { '2610': { '06090': { enrolled: true, paid: false, seat } } } });
    expect(await projected(sittings, [enrolled('06090'), arranged, cancelled])).toEqual({ zhang: { '2610': { '06090': { enrolled: true, paid: false } } } });
  });

  const score = (type: 'ScoreWithheld' | 'ScoreWithdrawn', recordedAt = '2026-12-02T00:00:00.000Z') =>
    ({ ...zhang, type, data: { candidateId, period: '2610', course: '06090' }, recordedAt }) as const;

  it.each([
    ['ScoreWithheld', { withheld: true }],
    ['ScoreWithdrawn', {}],
  ] as const)('The read model of sittings has no result after %s, but the one that was recorded before', async (type, withheld) => {
    const correction = { corrected: { score: 59 }, correctedAt: '2026-12-02T00:00:00.000Z' };
    expect(await projected(sittings, [enrolled('06090'), scored('ScoreRecorded', 59), score(type)])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: false, ...withheld, ...correction } } },
    });
    expect(await projected(sittings, [enrolled('06090'), score(type)])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: false, ...withheld } } },
    });
  });

  it.each([
    ['ScoreWithheld', 'ScoreCorrected'],
    ['ScoreWithdrawn', 'ScoreRecorded'],
  ] as const)('The read model of sittings has the result that follows on %s as a correction of the one before', async (type, next) => {
    expect(await projected(sittings, [scored('ScoreRecorded', 59), score(type, '2026-11-30T00:00:00.000Z'), scored(next, 61)])).toEqual({
      zhang: {
        '2610': { '06090': { enrolled: false, paid: false, result: { score: 61 }, corrected: { score: 59 }, correctedAt: '2026-12-01T00:00:00.000Z' } },
      },
    });
  });

  it('The read model of sittings has a result, and after a correction the earlier one and the time of the correction', async () => {
    expect(await projected(sittings, [enrolled('06090'), scored('ScoreRecorded', 59), scored('ScoreCorrected', 61)])).toEqual({
      zhang: {
        '2610': { '06090': { enrolled: true, paid: false, result: { score: 61 }, corrected: { score: 59 }, correctedAt: '2026-12-01T00:00:00.000Z' } },
      },
    });
  });

  it('The read model of sittings accepts names of object properties as course codes', async () => {
    const documents = await projected(sittings, [enrolled('__proto__'), enrolled('constructor')]);
    expect(Object.keys((documents.zhang as Record<string, object>)['2610'] ?? {})).toEqual(['__proto__', 'constructor']);
  });
});
