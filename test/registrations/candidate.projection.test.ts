import { describe, expect, it } from '@jest/globals';
import { candidate } from '../../projections/candidate.js';
import type { Sealed } from '../../src/vault/vault.js';
import { projected } from '../projections/projected.js';

const sealed = <T>(text: string) => text as Sealed<T>;
const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

describe('The read model of a candidate', () => {
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

  it('The read model of a candidate begins with a normal account that is not confirmed, and keeps the person sealed', async () => {
    expect(await projected(candidate, [registered])).toEqual({ zhang: { ...shown, accountState: 'normal', confirmed: false, majors: [] } });
  });

  it('The read model of a candidate replaces the registration when it is corrected, and nothing else', async () => {
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

  it('The read model of a candidate has the account state and the confirmation recorded last', async () => {
    const events = [
      registered,
      { ...zhang, type: 'SiteConfirmed', data: { candidateId } },
      { ...zhang, type: 'AccountStateChanged', data: { candidateId, state: 'frozen' } },
      { ...zhang, type: 'SiteConfirmationWithdrawn', data: { candidateId } },
    ] as const;
    expect(await projected(candidate, events)).toEqual({ zhang: { ...shown, accountState: 'frozen', confirmed: false, majors: [] } });
  });

  it('The read model of a candidate has the majors studied, graduated from and left', async () => {
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

  it('The read model of a candidate has no document of a forgotten candidate', async () => {
    expect(await projected(candidate, [registered, { ...zhang, type: 'CandidateForgotten', data: { candidateId } }])).toEqual({});
  });

  it('The read model of a candidate has no major that was taken back', async () => {
    const of = (type: 'MajorAdded' | 'MajorWithdrawn', major: string) => ({ ...zhang, type, data: { candidateId, major, period: '2604' } }) as const;
    const events = [registered, of('MajorAdded', '01B0101'), of('MajorAdded', '01B0102'), of('MajorWithdrawn', '01B0101')];
    expect(await projected(candidate, events)).toMatchObject({ zhang: { majors: [{ major: '01B0102', period: '2604', state: 'studying' }] } });
  });

  it('The read model of a candidate has values that were corrected beside the person, until it is registered anew', async () => {
    const correct = (values: object, changes = {}) => ({ ...zhang, type: 'PersonCorrected', data: { candidateId, values, digest: 'd', ...changes } }) as const;
    const events = [registered, correct({ name: sealed('one'), sex: sealed('two') }), correct({ name: sealed('three') }, { district: '西城' })];
    expect(await projected(candidate, events)).toMatchObject({ zhang: { ...shown, district: '西城', corrected: { name: 'three', sex: 'two' } } });
    const anew = { ...zhang, type: 'CandidateCorrected', data: registration } as const;
    expect(await projected(candidate, [...events, anew])).toEqual({ zhang: { ...shown, accountState: 'normal', confirmed: false, majors: [] } });
  });
});
