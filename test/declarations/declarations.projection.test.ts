import { describe, expect, it } from '@jest/globals';
import { declarations } from '../../projections/declarations.js';
import type { Sealed } from '../../src/vault/vault.js';
import { projected, refused } from '../projections/projected.js';

const sealed = <T>(text: string) => text as Sealed<T>;
const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

describe('The read model of declarations', () => {
  const terms = { declaration: 'd1', kind: 'degree' as const, period: '2026a', major: '01B0001', university: '某大学', appliedOn: '2026-03-02' };
  const submitted = { ...zhang, type: 'DeclarationSubmitted', data: { candidateId, ...terms } } as const;

  it('The read model of declarations has a submitted declaration', async () => {
    expect(await projected(declarations, [submitted])).toEqual({ zhang: { d1: { ...terms, state: 'submitted' } } });
  });

  it.each([
    ['DeclarationPaymentRequested', 'payment_due'],
    ['DeclarationPaid', 'paid'],
    ['DeclarationApproved', 'approved'],
    ['DeclarationRejected', 'rejected'],
    ['DeclarationWithdrawn', 'withdrawn'],
    ['DeclarationReopened', 'submitted'],
  ] as const)('The read model of declarations has the state of %s', async (type, state) => {
    const decided = { ...zhang, type, data: { candidateId, declaration: 'd1', decidedOn: '2026-04-01', remark: sealed<string>('sealed reason') } };
    expect(await projected(declarations, [submitted, decided])).toEqual({
      zhang: { d1: { ...terms, state, decidedOn: '2026-04-01', remark: 'sealed reason' } },
    });
  });

  it('The read model of declarations replaces the terms when they are corrected, and keeps the decision', async () => {
    const { appliedOn: _, ...undated } = { ...terms, university: '另一大学' };
    const events = [
      submitted,
      { ...zhang, type: 'DeclarationApproved', data: { candidateId, declaration: 'd1', decidedOn: '2026-04-01' } },
      { ...zhang, type: 'DeclarationCorrected', data: { candidateId, ...undated } },
    ] as const;
    expect(await projected(declarations, events)).toEqual({ zhang: { d1: { ...undated, state: 'approved', decidedOn: '2026-04-01' } } });
  });

  it('The read model of declarations refuses an event of a declaration that was never submitted', async () => {
    expect(await refused(declarations, [{ ...zhang, type: 'DeclarationPaid', data: { candidateId, declaration: 'd9' } }])).toBe(
      'declaration d9 was never submitted',
    );
  });
});
