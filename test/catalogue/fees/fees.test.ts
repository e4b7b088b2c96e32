import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fees as feesOfKind } from '../../../projections/fees.js';
import { fees, setFee } from '../../../src/catalogue/fees/fees.decider.js';
import { fees as feesFile } from '../../../src/catalogue/fees/fees.import.js';
import { SetFee } from '../../../src/catalogue/fees/set-fee.command.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { given } from '../../given.js';
import { projected } from '../../projections/projected.js';

describe('A fee', () => {
  const set = { type: 'FeeSet', data: { kind: 'written', fromPeriod: '1204', fen: 3000 } } as const;

  it('A fee holds from a period on, and leaves the fees of other periods as they are', () => {
    given(fees, [set])
      .when((state) => setFee(state, new SetFee(anyGiven, 'written', '1204', 3000)))
      .then([]);
    given(fees, [set])
      .when((state) => setFee(state, new SetFee(anyGiven, 'written', '2604', 3000)))
      .then([{ type: 'FeeSet', data: { kind: 'written', fromPeriod: '2604', fen: 3000 } }]);
  });

  it('A fee can be zero, and is the amount set last', () =>
    lastRecordedWins({
      decider: fees,
      decide: setFee,
      commands: fc.constantFrom(0, 3000, 3500).map((fen) => new SetFee(anyGiven, 'written', '1204', fen)),
      shown: (events) => documentOf(feesOfKind, events),
    }));
});

describe('A row of fees.csv', () => {
  const rows = rowsOf(feesFile, { kind: 'written', from_period: '1204', amount_fen: '3000' });

  it('A row of fees.csv becomes SetFee, and refers to the period from which it holds', () => {
    expect(rows.command()).toMatchObject({ kind: 'written', fromPeriod: '1204', fen: 3000 });
    expect(rows.references()).toEqual(['from_period: period 1204']);
  });

  it.each([
    ['kind', 'review'],
    ['amount_fen', '30.00'],
    ['amount_fen', '1000000000'],
  ])('A row of fees.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of fees.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

it('The read model of fees has each fee by kind and by the period from which it holds', async () => {
  const events = [
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2204', fen: 2_500 } },
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2510', fen: 2_900 } },
    { type: 'FeeSet', data: { kind: 'degree', fromPeriod: '2510', fen: 10_000 } },
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2510', fen: 3_000 } },
  ] as const;
  expect(await projected(feesOfKind, events)).toEqual({ written: { '2204': 2_500, '2510': 3_000 }, degree: { '2510': 10_000 } });
});
