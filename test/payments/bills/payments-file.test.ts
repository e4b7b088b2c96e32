import { describe, expect, it } from '@jest/globals';
import { payments } from '../../../src/payments/bills/payments.import.js';
import { rowsOf } from '../../file-rows.js';

const rows = rowsOf(payments, {
  bill_no: '20260000000001',
  admission_no: '103000000003',
  period: '2604',
  kind: 'enrolment',
  state: 'paid',
  amount_fen: '9000',
  created_at: '2026-01-06T20:34:05+08:00',
  due_by: '2026-01-27T19:34:05+08:00',
  paid_at: '2026-01-06T21:34:05+08:00',
  items: '00058:3000 00159:3000 00160:3000',
});

describe('A row of the payments file', () => {
  it('A row of the payments file becomes the record of a bill, its times in UTC', () =>
    expect(rows.command()).toMatchObject({
      terms: {
        candidateId: 'c1',
        bill: '20260000000001',
        kind: 'enrolment',
        period: '2604',
        lines: [
          { code: '00058', fen: 3000 },
          { code: '00159', fen: 3000 },
          { code: '00160', fen: 3000 },
        ],
        fen: 9000,
        createdAt: '2026-01-06T12:34:05.000Z',
        dueBy: '2026-01-27T11:34:05.000Z',
      },
      state: 'paid',
      paidAt: '2026-01-06T13:34:05.000Z',
    }));

  it('A row of the payments file for an enrolment refers to a period and courses', () =>
    expect(rows.references()).toEqual([
      'admission_no: candidate 103000000003',
      'period: period 2604',
      'items: course 00058',
      'items: course 00159',
      'items: course 00160',
    ]));

  it('A row of the payments file for a thesis refers to a declaration period and a major', () =>
    expect(rows.references({ kind: 'thesis', period: '2026B', items: '01B0218:40000', amount_fen: '40000' })).toEqual([
      'admission_no: candidate 103000000003',
      'period: declaration_period thesis/2026B',
      'items: major 01B0218',
    ]));

  it.each([
    ['bill_no', '2026000000001'],
    ['bill_no', '202600000000012'],
    ['bill_no', 'B0260000000001'],
    ['period', ''],
    ['kind', 'exam'],
    ['state', 'open'],
    ['amount_fen', '90.00'],
    ['amount_fen', '-9000'],
    ['amount_fen', '9,000'],
    ['amount_fen', '09000'],
    ['amount_fen', ''],
    ['amount_fen', '9001'],
    ['created_at', ''],
    ['created_at', '2026-01-06 20:34:05'],
    ['created_at', '2026-01-06T20:34:05'],
    ['created_at', '2026-02-30T20:34:05+08:00'],
    ['created_at', '2026-01-06T25:34:05+08:00'],
    ['created_at', '20260-01-06T20:34:05+08:00'],
    ['created_at', '1026-01-06T20:34:05+08:00'],
    ['due_by', '2026-01-27'],
    ['paid_at', ''],
    ['items', ''],
    ['items', '00058'],
    ['items', '00058:'],
    ['items', '00058:3000,00159:6000'],
    ['items', '00058:3000  00159:6000'],
    ['items', '00058:-3000 00159:12000'],
    ['items', '00058:3000 00058:6000'],
  ])('A row of the payments file is rejected with the field %s when that is %j', (column, value) =>
    expect(rows.faulted({ [column]: value })).toEqual([column]),
  );

  it.each(['due', 'expired', 'cancelled'])('A row of the payments file is rejected for a time of payment when it is %s', (state) => {
    expect(rows.faulted({ state })).toEqual(['paid_at']);
    expect(rows.faulted({ state, paid_at: '' })).toEqual([]);
  });

  it('A row of the payments file may be refunded without a time of payment', () => expect(rows.faulted({ state: 'refunded', paid_at: '' })).toEqual([]));

  it('A row of the payments file may have the amount 0', () => expect(rows.faulted({ amount_fen: '0', items: '00058:0' })).toEqual([]));

  it('A row of the payments file takes times in any zone', () => {
    const created = (created_at: string) => rows.row({ created_at }).created_at;
    expect(created('2026-01-06T12:34:05Z')).toBe('2026-01-06T12:34:05.000Z');
    expect(created('2026-01-06T12:34:05.250+00:00')).toBe('2026-01-06T12:34:05.250Z');
  });

  it('A row of the payments file is either read or rejected, whatever it contains', () => rows.neverThrows());
});
