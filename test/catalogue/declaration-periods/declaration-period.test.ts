import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { declarationPeriods } from '../../../projections/declaration-periods.js';
import { AnnounceDeclarationPeriod } from '../../../src/catalogue/declaration-periods/announce-declaration-period.command.js';
import { announceDeclarationPeriod, declarationPeriod } from '../../../src/catalogue/declaration-periods/declaration-period.decider.js';
import { declarationPeriods as declarationPeriodsFile } from '../../../src/catalogue/declaration-periods/declaration-periods.import.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { projected } from '../../projections/projected.js';

const name = fc.constantFrom('甲', '乙');
const moment = fc.constantFrom(undefined, '2026-03-17T11:34:05.000Z', '2026-03-27T11:34:05.000Z');

describe('A declaration period', () => {
  it('A declaration period is as it was recorded last', () =>
    lastRecordedWins({
      decider: declarationPeriod,
      decide: announceDeclarationPeriod,
      commands: fc
        .record({ name, opens: moment, closes: moment, paymentCloses: moment })
        .map((terms) => new AnnounceDeclarationPeriod(anyGiven, 'thesis', '2026A', terms)),
      shown: (events) => documentOf(declarationPeriods, events),
    }));
});

describe('A row of declaration_periods.csv', () => {
  const rows = rowsOf(declarationPeriodsFile, {
    kind: 'thesis',
    code: '2026A',
    name: '2026年上半年',
    opens: '2026-03-17T19:34:05+08:00',
    closes: '2026-03-27T19:34:05+08:00',
    payment_closes: '',
  });

  it('A row of declaration_periods.csv becomes AnnounceDeclarationPeriod, and defines the period by kind and code', () => {
    expect(rows.command()).toMatchObject({
      kind: 'thesis',
      code: '2026A',
      terms: { name: '2026年上半年', opens: '2026-03-17T11:34:05.000Z', closes: '2026-03-27T11:34:05.000Z', paymentCloses: undefined },
    });
    expect(declarationPeriodsFile.defines?.(rows.row())).toEqual({ kind: 'declaration_period', value: 'thesis/2026A' });
  });

  it('A row of declaration_periods.csv is refused where it does not close after it opens', () =>
    expect(rows.faulted({ closes: '2026-03-17T19:34:05+08:00' })).toEqual(['closes']));

  it('A row of declaration_periods.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

it('The read model of declaration periods has each by kind and code, as announced last', async () => {
  const announced = { kind: 'thesis', code: '2018a', name: '2018年上半年', opens: '2018-03-01T00:00:00Z' } as const;
  const { opens: _, ...anew } = announced;
  const events = [
    { type: 'DeclarationPeriodAnnounced', data: announced },
    { type: 'DeclarationPeriodAnnounced', data: anew },
  ] as const;
  expect(await projected(declarationPeriods, events)).toEqual({ 'thesis/2018a': anew });
});
