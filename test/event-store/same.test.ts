import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { same } from '../../src/event-store/same.js';

const recorded = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('Whether two pieces of event data are equal', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ b: 2, a: 1 }, { a: 1, b: 2 }, true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [null, {}, false],
    ['1', 1, false],
    [undefined, {}, false],
    [undefined, undefined, true],
  ])('Data %j and %j are equal: %s', (one, other, answer) => {
    expect(same(one, other)).toBe(answer);
    expect(same(other, one)).toBe(answer);
  });

  it('Whether two pieces of event data are equal agrees with the log, which keeps no undefined fields', () => {
    const field = fc.constantFrom('a', 'b', 'c');
    const value = fc.oneof(fc.constant(undefined), fc.constantFrom<unknown>(0, 1, '', 'x', true, null));
    const data = fc.dictionary(field, fc.oneof(value, fc.dictionary(field, value), fc.array(fc.constantFrom(1, 2), { maxLength: 2 })));
    fc.assert(
      fc.property(data, data, (one, other) => {
        expect(same(one, recorded(one))).toBe(true);
        expect(same(one, other)).toBe(isDeepStrictEqual(recorded(one), recorded(other)));
      }),
      { numRuns: 1_000 },
    );
  });
});
