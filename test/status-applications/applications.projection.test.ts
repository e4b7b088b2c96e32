import { expect, it } from '@jest/globals';
import { applications } from '../../projections/applications.js';
import type { Sealed } from '../../src/vault/vault.js';
import { projected } from '../projections/projected.js';

const sealed = <T>(text: string) => text as Sealed<T>;
const zhang = { subject: 'zhang' };
const candidateId = 'zhang';

it.each([
  ['ApplicationDrafted', 'draft'],
  ['ApplicationSubmitted', 'submitted'],
  ['ApplicationApproved', 'approved'],
  ['ApplicationRejected', 'rejected'],
  ['ApplicationWithdrawn', 'withdrawn'],
] as const)('The read model of status applications has the state of %s', async (type, state) => {
  const application = { kind: 'exemption' as const, course: '06090', appliedOn: '2026-03-02', text: sealed<never>('sealed text') };
  const event = { ...zhang, type, data: { candidateId, application: 'a1', digest: 'digest', ...application } };
  expect(await projected(applications, [event])).toEqual({ zhang: { a1: { ...application, state } } });
});
