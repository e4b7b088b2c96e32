import { describe, expect, it } from '@jest/globals';
import { applications } from '../../projections/applications.js';
import { bills } from '../../projections/bills.js';
import { candidate } from '../../projections/candidate.js';
import { declarations } from '../../projections/declarations.js';
import { endedSessions } from '../../projections/ended-sessions.js';
import { sittings } from '../../projections/sittings.js';
import type { BillTerms, PaymentEvent } from '../../src/payments/payments.events.js';
import type { Sealed } from '../../src/vault/vault.js';
import { projected, refused } from './projected.js';

const sealed = <T>(text: string) => text as Sealed<T>;
const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

describe('The candidate', () => {
  const registration = {
    candidateId,
    district: '东城',
    registeredPeriod: '1610',
    person: sealed<never>('sealed person'),
    photo: 'digest of a photo',
    digest: 'digest',
  };
  const registered = { ...zhang, type: 'CandidateRegistered', data: registration } as const;
  const shown = { person: 'sealed person', photo: 'digest of a photo', district: '东城', registeredPeriod: '1610' };

  it('is registered, unconfirmed and in good standing at first, and what is personal stays sealed', async () => {
    expect(await projected(candidate, [registered])).toEqual({ zhang: { ...shown, accountState: 'normal', confirmed: false, majors: [] } });
  });

  it('is corrected in what was registered, and in nothing else', async () => {
    const corrected = { candidateId, district: '西城', registeredPeriod: '1704', person: sealed<never>('anew'), digest: 'other' };
    const events = [
      registered,
      { ...zhang, type: 'SiteConfirmed', data: { candidateId } },
      { ...zhang, type: 'PasswordSet', data: { candidateId, password: sealed<string>('sealed password') } },
      { ...zhang, type: 'CandidateCorrected', data: corrected },
    ] as const;
    expect(await projected(candidate, events)).toEqual({
      zhang: { person: 'anew', district: '西城', registeredPeriod: '1704', accountState: 'normal', confirmed: true, password: 'sealed password', majors: [] },
    });
  });

  it('stands as was said last', async () => {
    const events = [
      registered,
      { ...zhang, type: 'SiteConfirmed', data: { candidateId } },
      { ...zhang, type: 'AccountStateChanged', data: { candidateId, state: 'frozen' } },
      { ...zhang, type: 'SiteConfirmationWithdrawn', data: { candidateId } },
    ] as const;
    expect(await projected(candidate, events)).toEqual({ zhang: { ...shown, accountState: 'frozen', confirmed: false, majors: [] } });
  });

  it('studies, graduates from and leaves majors', async () => {
    const major = (type: 'MajorGraduated' | 'MajorLeft', code: string) => ({ ...zhang, type, data: { candidateId, major: code } }) as const;
    const added = (code: string, period: string) => ({ ...zhang, type: 'MajorAdded', data: { candidateId, major: code, period } }) as const;
    const events = [
      added('01A0001', '1610'),
      added('01B0001', '1704'),
      added('01C0001', '1704'),
      major('MajorGraduated', '01A0001'),
      major('MajorLeft', '01C0001'),
    ];
    expect(await projected(candidate, [registered, ...events])).toMatchObject({
      zhang: {
        majors: [
          { major: '01A0001', period: '1610', state: 'graduated' },
          { major: '01B0001', period: '1704', state: 'studying' },
          { major: '01C0001', period: '1704', state: 'left' },
        ],
      },
    });
    expect(await projected(candidate, [...events, added('01C0001', '1810')])).toMatchObject({
      zhang: { majors: [{ major: '01A0001' }, { major: '01B0001' }, { major: '01C0001', period: '1810', state: 'studying' }] },
    });
  });

  it('is gone when forgotten', async () => {
    expect(await projected(candidate, [registered, { ...zhang, type: 'CandidateForgotten', data: { candidateId } }])).toEqual({});
  });
});

describe('Sittings', () => {
  const enrolled = (course: string) => ({ ...zhang, type: 'CourseEnrolled', data: { candidateId, period: '2610', course } }) as const;
  const bill = (type: 'BillPaid' | 'BillRefunded' | 'BillReopened', number: string, kind: 'enrolment' | 'thesis' = 'enrolment') =>
    ({ ...zhang, type, data: { candidateId, bill: number, kind, period: '2610', codes: ['06090', '00261'] } }) as const;
  const scored = (type: 'ScoreRecorded' | 'ScoreCorrected', score: number) =>
    ({ ...zhang, type, data: { candidateId, period: '2610', course: '06090', result: { score } }, recordedAt: '2026-12-01T00:00:00.000Z' }) as const;

  it('are enrolled in and withdrawn, course by course', async () => {
    const withdrawn = { ...zhang, type: 'CourseWithdrawn', data: { candidateId, period: '2610', course: '00261' } } as const;
    expect(await projected(sittings, [enrolled('06090'), enrolled('00261'), withdrawn])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: false }, '00261': { enrolled: false, paid: false } } },
    });
  });

  it('are paid by a bill for enrolment, for each of its courses', async () => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill('BillPaid', '2', 'thesis')])).toEqual({
      zhang: { '2610': { '06090': { enrolled: true, paid: true, paidBy: ['1'] }, '00261': { enrolled: false, paid: true, paidBy: ['1'] } } },
    });
  });

  it.each(['BillRefunded', 'BillReopened'] as const)('are unpaid after %s', async (type) => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill(type, '1')])).toMatchObject({
      zhang: { '2610': { '06090': { paid: false }, '00261': { paid: false } } },
    });
  });

  it('stay paid when they were paid twice and one bill is refunded', async () => {
    const twice = [enrolled('06090'), bill('BillPaid', '1'), bill('BillPaid', '2')];
    expect(await projected(sittings, [...twice, bill('BillRefunded', '2')])).toMatchObject({ zhang: { '2610': { '06090': { paid: true, paidBy: ['1'] } } } });
    expect(await projected(sittings, [...twice, bill('BillRefunded', '1')])).toMatchObject({ zhang: { '2610': { '06090': { paid: true, paidBy: ['2'] } } } });
  });

  it('are not touched by a bill that never paid for them', async () => {
    expect(await projected(sittings, [enrolled('06090'), bill('BillPaid', '1'), bill('BillReopened', '2')])).toMatchObject({
      zhang: { '2610': { '06090': { paid: true } } },
    });
  });

  it('get a seat, and lose it', async () => {
    const seat = { site: '某中学', address: '某路1号', room: '012', seat: '07' };
    const arranged = { ...zhang, type: 'SeatArranged', data: { candidateId, period: '2610', course: '06090', ...seat } } as const;
    const cancelled = { ...zhang, type: 'SeatCancelled', data: { candidateId, period: '2610', course: '06090' } } as const;
    expect(await projected(sittings, [enrolled('06090'), arranged])).toEqual({ zhang: { '2610': { '06090': { enrolled: true, paid: false, seat } } } });
    expect(await projected(sittings, [enrolled('06090'), arranged, cancelled])).toEqual({ zhang: { '2610': { '06090': { enrolled: true, paid: false } } } });
  });

  it('have a result, and after a correction what it was before and when it was corrected', async () => {
    expect(await projected(sittings, [enrolled('06090'), scored('ScoreRecorded', 59), scored('ScoreCorrected', 61)])).toEqual({
      zhang: {
        '2610': { '06090': { enrolled: true, paid: false, result: { score: 61 }, corrected: { score: 59 }, correctedAt: '2026-12-01T00:00:00.000Z' } },
      },
    });
  });

  it('take a course code for no more than a name', async () => {
    const documents = await projected(sittings, [enrolled('__proto__'), enrolled('constructor')]);
    expect(Object.keys((documents.zhang as Record<string, object>)['2610'] ?? {})).toEqual(['__proto__', 'constructor']);
  });
});

describe('Bills', () => {
  const terms: BillTerms = {
    candidateId,
    bill: '1',
    kind: 'enrolment',
    period: '2610',
    lines: [{ code: '06090', fen: 3_000 }],
    fen: 3_000,
    createdAt: '2026-09-01T00:00:00Z',
    dueBy: '2026-09-05T00:00:00Z',
  };
  const issued = { ...zhang, type: 'BillIssued', data: terms } as const;
  const { candidateId: _, ...shown } = terms;
  const became = (type: 'BillPaid' | 'BillExpired' | 'BillCancelled' | 'BillRefunded' | 'BillReopened', happenedAt?: string) => ({
    ...zhang,
    type,
    data: { candidateId, bill: '1', kind: 'enrolment' as const, period: '2610', codes: ['06090'], happenedAt },
    recordedAt: '2026-12-01T00:00:00.000Z',
  });

  it('are due when issued', async () => {
    expect(await projected(bills, [issued])).toEqual({ zhang: { '1': { ...shown, state: 'due' } } });
  });

  it('are paid when it happened, or else when it was recorded', async () => {
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z')])).toEqual({
      zhang: { '1': { ...shown, state: 'paid', paidAt: '2026-09-02T00:00:00Z' } },
    });
    expect(await projected(bills, [issued, became('BillPaid')])).toMatchObject({ zhang: { '1': { paidAt: '2026-12-01T00:00:00.000Z' } } });
  });

  it.each([
    ['BillExpired', 'expired'],
    ['BillCancelled', 'cancelled'],
    ['BillRefunded', 'refunded'],
  ] as const)('end with %s', async (type, state) => {
    expect(await projected(bills, [issued, became(type, '2026-09-05T00:00:00Z')])).toEqual({
      zhang: { '1': { ...shown, state, endedAt: '2026-09-05T00:00:00Z' } },
    });
  });

  it('keep when they were paid once they are refunded, and do not keep that they expired once they are paid', async () => {
    const refunded = [issued, became('BillPaid', '2026-09-02T00:00:00Z'), became('BillRefunded', '2026-10-01T00:00:00Z')];
    expect(await projected(bills, refunded)).toMatchObject({ zhang: { '1': { state: 'refunded', paidAt: '2026-09-02T00:00:00Z' } } });
    const late = [issued, became('BillExpired', '2026-09-05T00:00:00Z'), became('BillPaid', '2026-09-06T00:00:00Z')];
    expect(await projected(bills, late)).toEqual({ zhang: { '1': { ...shown, state: 'paid', paidAt: '2026-09-06T00:00:00Z' } } });
  });

  it('are due again when reopened', async () => {
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z'), became('BillReopened')])).toEqual({
      zhang: { '1': { ...shown, state: 'due' } },
    });
  });

  it('hold just the terms that were said last, in the state that they were in', async () => {
    const { dueBy: __, ...withoutEnd } = { ...terms, lines: [{ code: '00261', fen: 3_000 }] };
    const corrected: PaymentEvent & typeof zhang = { ...zhang, type: 'BillCorrected', data: withoutEnd };
    const { candidateId: ___, ...after } = withoutEnd;
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z'), corrected])).toEqual({
      zhang: { '1': { ...after, state: 'paid', paidAt: '2026-09-02T00:00:00Z' } },
    });
  });

  it('that were never issued are a fault', async () => {
    expect(await refused(bills, [became('BillPaid')])).toBe('bill 1 was never issued');
  });
});

describe('Declarations', () => {
  const terms = { declaration: 'd1', kind: 'degree' as const, period: '2026a', major: '01B0001', university: '某大学', appliedOn: '2026-03-02' };
  const submitted = { ...zhang, type: 'DeclarationSubmitted', data: { candidateId, ...terms } } as const;

  it('are submitted', async () => {
    expect(await projected(declarations, [submitted])).toEqual({ zhang: { d1: { ...terms, state: 'submitted' } } });
  });

  it.each([
    ['DeclarationPaymentRequested', 'payment_due'],
    ['DeclarationPaid', 'paid'],
    ['DeclarationApproved', 'approved'],
    ['DeclarationRejected', 'rejected'],
    ['DeclarationWithdrawn', 'withdrawn'],
    ['DeclarationReopened', 'submitted'],
  ] as const)('stand as %s says', async (type, state) => {
    const decided = { ...zhang, type, data: { candidateId, declaration: 'd1', decidedOn: '2026-04-01', remark: sealed<string>('sealed reason') } };
    expect(await projected(declarations, [submitted, decided])).toEqual({
      zhang: { d1: { ...terms, state, decidedOn: '2026-04-01', remark: 'sealed reason' } },
    });
  });

  it('hold just the terms that were said last, with the decision on them', async () => {
    const { appliedOn: _, ...undated } = { ...terms, university: '另一大学' };
    const events = [
      submitted,
      { ...zhang, type: 'DeclarationApproved', data: { candidateId, declaration: 'd1', decidedOn: '2026-04-01' } },
      { ...zhang, type: 'DeclarationCorrected', data: { candidateId, ...undated } },
    ] as const;
    expect(await projected(declarations, events)).toEqual({ zhang: { d1: { ...undated, state: 'approved', decidedOn: '2026-04-01' } } });
  });

  it('that were never submitted are a fault', async () => {
    expect(await refused(declarations, [{ ...zhang, type: 'DeclarationPaid', data: { candidateId, declaration: 'd9' } }])).toBe(
      'declaration d9 was never submitted',
    );
  });
});

it.each([
  ['ApplicationDrafted', 'draft'],
  ['ApplicationSubmitted', 'submitted'],
  ['ApplicationApproved', 'approved'],
  ['ApplicationRejected', 'rejected'],
  ['ApplicationWithdrawn', 'withdrawn'],
] as const)('Applications stand as %s says', async (type, state) => {
  const application = { kind: 'exemption' as const, course: '06090', appliedOn: '2026-03-02', text: sealed<never>('sealed text') };
  const event = { ...zhang, type, data: { candidateId, application: 'a1', digest: 'digest', ...application } };
  expect(await projected(applications, [event])).toEqual({ zhang: { a1: { ...application, state } } });
});

it('Ended sessions are known by session, until their cookies would be refused anyway', async () => {
  const until = '2026-11-22T20:00:00.000Z';
  expect(await projected(endedSessions, [{ ...zhang, type: 'SignedOut', data: { candidateId, session: 's1', until } }])).toEqual({ s1: { until } });
});
