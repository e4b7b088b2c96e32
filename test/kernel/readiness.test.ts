import { expect, it } from '@jest/globals';
import { type Ailment, Readiness } from '../../src/kernel/readiness.js';

it.each<[string, readonly (Ailment | undefined)[], string]>([
  ['is ready while nothing ails', [undefined, undefined], 'ready'],
  ['is degraded by what ails all processes alike, and gets requests', [{ of: 'everywhere', says: 'lags' }, undefined], 'degraded'],
  [
    'is not ready where another process would do better',
    [
      { of: 'everywhere', says: 'lags' },
      { of: 'process', says: 'starts' },
    ],
    'not ready',
  ],
])('a process %s', (_, ailments, status) => {
  const readiness = new Readiness();
  for (const [at, ailment] of ailments.entries()) readiness.watch(`part ${at}`, () => ailment);
  const reasons = Object.fromEntries(ailments.flatMap((ailment, at) => (ailment ? [[`part ${at}`, ailment.says]] : [])));
  expect(readiness.state()).toEqual({ status, reasons });
});
