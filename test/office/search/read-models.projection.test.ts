import { describe, expect, it } from '@jest/globals';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { receipts } from '../../../projections/receipts.js';
import { viewerOf, viewings } from '../../../projections/viewings.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { projected } from '../../projections/projected.js';

const registered = (district: string) =>
  ({
    type: 'CandidateRegistered',
    subject: 'c1',
    data: { candidateId: 'c1', person: 'sealed' as Sealed<never>, digest: '', district, registeredPeriod: '2610' },
  }) as const;
const moved = { type: 'PersonCorrected', subject: 'c1', data: { candidateId: 'c1', values: {}, district: '西城区', digest: '' } } as const;
const forgotten = { type: 'CandidateForgotten', subject: 'c1', data: { candidateId: 'c1', tombstone: '' } } as const;

describe('The index of candidates by district', () => {
  const districtOf = async (...events: Parameters<typeof projected<typeof candidateDistricts>>[1]) => (await projected(candidateDistricts, events)).c1;

  it('The index of candidates by district follows a candidate who moves to another district', async () => {
    expect(await districtOf(registered('东城区'))).toEqual({ district: '东城区' });
    expect(await districtOf(registered('东城区'), moved)).toEqual({ district: '西城区' });
    expect(candidateDistricts.lookups?.district?.({ district: '西城区' })).toEqual(['西城区']);
  });

  it('The index of candidates by district still tells the district of a candidate who was forgotten, who is on no list any more', async () => {
    const document = await districtOf(registered('东城区'), forgotten);
    expect(document).toEqual({ district: '东城区', gone: true });
    expect(candidateDistricts.lookups?.district?.(document as object)).toEqual([]);
  });

  it('The index of candidates by district lists again who is registered anew after a registration that was voided', async () => {
    const voided = { type: 'RegistrationVoided', subject: 'c1', data: { candidateId: 'c1' } } as const;
    expect(await districtOf(registered('东城区'), voided)).toEqual({ district: '东城区', gone: true });
    expect(await districtOf(registered('东城区'), voided, registered('海淀区'))).toEqual({ district: '海淀区' });
  });
});

describe('The record of who was looked at', () => {
  const at = (recordedAt: string) =>
    ({ type: 'PersonViewed', recordedAt, data: { viewing: recordedAt, candidateIds: ['c1', 'c2'], what: '查找', reason: '' } }) as const;

  it('The record of who was looked at sorts the newest first, in each list', async () => {
    const documents = await projected(viewings, [at('2026-11-22T02:00:00.000Z'), at('2026-11-22T02:00:00.001Z'), at('2027-01-01T00:00:00.000Z')]);
    expect(
      Object.keys(documents)
        .toSorted()
        .map((key) => key.split(' ')[1]),
    ).toEqual(['2027-01-01T00:00:00.000Z', '2026-11-22T02:00:00.001Z', '2026-11-22T02:00:00.000Z']);
  });

  it('The record of who was looked at is found by each candidate who was shown, by who looked, and by both', () => {
    const document = { viewing: 'v', candidateIds: ['c1', 'c2'], what: '查找', reason: '', at: '2026-11-22T02:00:00.000Z', viewer: 'office:shi' };
    expect(viewings.lookups?.candidate?.(document)).toEqual(['c1', 'c2']);
    expect(viewings.lookups?.officer?.(document)).toEqual(['office:shi']);
    expect(viewings.lookups?.both?.(document)).toEqual([viewerOf('office:shi', 'c1'), viewerOf('office:shi', 'c2')]);
  });
});

it('The receipts of one number are told apart by their codes, and a receipt that is told twice is one', async () => {
  const issued = (code: string, bill: string) =>
    ({ type: 'ReceiptIssued', subject: 'c1', data: { candidateId: 'c1', bill, code, number: '0000000042', checkCode: 'a' } }) as const;
  expect(await projected(receipts, [issued('1', 'b1'), issued('2', 'b2'), issued('1', 'b1')])).toEqual({
    '0000000042': {
      receipts: [
        { code: '1', bill: 'b1', candidateId: 'c1' },
        { code: '2', bill: 'b2', candidateId: 'c1' },
      ],
    },
  });
});
