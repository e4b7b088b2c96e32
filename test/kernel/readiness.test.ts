import { expect, it } from '@jest/globals';
import { type HealthProblem, Readiness } from '../../src/kernel/readiness.js';

it.each<[string, readonly (HealthProblem | undefined)[], string]>([
  ['is ready while no health check fails', [undefined, undefined], 'ready'],
  ['is degraded, and gets requests, when a problem is everywhere', [{ scope: 'everywhere', reason: 'lags' }, undefined], 'degraded'],
  [
    'is not ready when a problem is its own',
    [
      { scope: 'everywhere', reason: 'lags' },
      { scope: 'process', reason: 'starts' },
    ],
    'not ready',
  ],
])('A process %s', (_, problems, status) => {
  const readiness = new Readiness();
  for (const [at, problem] of problems.entries()) readiness.addCheck(`part ${at}`, () => problem);
  const reasons = Object.fromEntries(problems.flatMap((problem, at) => (problem ? [[`part ${at}`, problem.reason]] : [])));
  expect(readiness.state()).toEqual({ status, reasons });
});
