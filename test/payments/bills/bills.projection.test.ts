import { describe, expect, it } from '@jest/globals';
import { bills } from '../../../projections/bills.js';
import type { BillTerms, PaymentEvent } from '../../../src/payments/payments.events.js';
import { projected, refused } from '../../projections/projected.js';

const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

describe('The read model of bills', () => {
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

  it('The read model of bills shows an issued bill as due', async () => {
    expect(await projected(bills, [issued])).toEqual({ zhang: { '1': { ...shown, state: 'due' } } });
  });

  it('The read model of bills dates a payment by when it happened, or else by when it was recorded', async () => {
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z')])).toEqual({
      zhang: { '1': { ...shown, state: 'paid', paidAt: '2026-09-02T00:00:00Z' } },
    });
    expect(await projected(bills, [issued, became('BillPaid')])).toMatchObject({ zhang: { '1': { paidAt: '2026-12-01T00:00:00.000Z' } } });
  });

  it.each([
    ['BillExpired', 'expired'],
    ['BillCancelled', 'cancelled'],
    ['BillRefunded', 'refunded'],
  ] as const)('The read model of bills ends a bill with %s', async (type, state) => {
    expect(await projected(bills, [issued, became(type, '2026-09-05T00:00:00Z')])).toEqual({
      zhang: { '1': { ...shown, state, endedAt: '2026-09-05T00:00:00Z' } },
    });
  });

  it('The read model of bills keeps the time of payment after a refund, and drops the expiry after a payment', async () => {
    const refunded = [issued, became('BillPaid', '2026-09-02T00:00:00Z'), became('BillRefunded', '2026-10-01T00:00:00Z')];
    expect(await projected(bills, refunded)).toMatchObject({ zhang: { '1': { state: 'refunded', paidAt: '2026-09-02T00:00:00Z' } } });
    const late = [issued, became('BillExpired', '2026-09-05T00:00:00Z'), became('BillPaid', '2026-09-06T00:00:00Z')];
    expect(await projected(bills, late)).toEqual({ zhang: { '1': { ...shown, state: 'paid', paidAt: '2026-09-06T00:00:00Z' } } });
  });

  it('The read model of bills shows a reopened bill as due', async () => {
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z'), became('BillReopened')])).toEqual({
      zhang: { '1': { ...shown, state: 'due' } },
    });
  });

  it('The read model of bills replaces the terms when they are corrected, and keeps the state', async () => {
    const { dueBy: __, ...withoutEnd } = { ...terms, lines: [{ code: '00261', fen: 3_000 }] };
    const corrected: PaymentEvent & typeof zhang = { ...zhang, type: 'BillCorrected', data: withoutEnd };
    const { candidateId: ___, ...after } = withoutEnd;
    expect(await projected(bills, [issued, became('BillPaid', '2026-09-02T00:00:00Z'), corrected])).toEqual({
      zhang: { '1': { ...after, state: 'paid', paidAt: '2026-09-02T00:00:00Z' } },
    });
  });

  it('The read model of bills refuses an event of a bill that was never issued', async () => {
    expect(await refused(bills, [became('BillPaid')])).toBe('bill 1 was never issued');
  });
});
