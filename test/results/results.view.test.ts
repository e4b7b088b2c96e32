import { expect, it } from '@jest/globals';
import { type Period, periods } from '../../projections/periods.js';
import { resultsView } from '../../src/results/results.view.js';

const period: Period = { ...periods.empty, name: '2026年4月', resultsReleasedAt: '2026-06-15T01:00:00.000Z' };
const catalogue = {
  course: () => ({ name: '公司法' }),
  period: () => period,
  resultsPeriods: () => ['2604'],
  resultsReleased: () => true,
};
const corrected = (correctedAt: string) =>
  resultsView(
    { '2604': { '00227': { enrolled: true, paid: true, result: { score: 61 }, corrected: { score: 58 }, correctedAt } } },
    catalogue,
    new Date('2026-06-20T00:00:00Z'),
    'all',
  ).current?.lines[0];

it('The results page shows when a result was corrected after its release', () => {
  expect(corrected('2026-06-18T02:00:00.000Z')).toMatchObject({ result: '61', corrected: '2026年6月18日 10:00' });
});

it('The results page does not show a correction from before the release', () => {
  expect(corrected('2026-06-15T00:59:59.999Z')).toMatchObject({ result: '61', corrected: undefined });
});

const without = (withheld: true | undefined, correctedAt?: string) =>
  resultsView({ '2604': { '00227': { enrolled: true, paid: true, withheld, correctedAt } } }, catalogue, new Date('2026-06-20T00:00:00Z'), 'all').current;

it('The results page shows a withheld result as 待定, neither passed nor failed, and since when', () => {
  expect(without(true, '2026-06-18T02:00:00.000Z')).toMatchObject({
    lines: [{ verdict: 'withheld', result: undefined, corrected: '2026年6月18日 10:00' }],
    tabs: [{ count: 1 }, { count: 0 }, { count: 0 }],
  });
});

it('The results page shows that a result was withdrawn after its release, and that one is awaited', () => {
  expect(without(undefined, '2026-06-18T02:00:00.000Z')?.lines).toMatchObject([{ verdict: 'awaited', corrected: '2026年6月18日 10:00' }]);
  expect(without(undefined)?.lines).toMatchObject([{ verdict: 'awaited', corrected: undefined }]);
});
