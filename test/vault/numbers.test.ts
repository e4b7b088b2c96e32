import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { citizenBirth, isAdmissionNo, isCitizenNo, normalisedNumber } from '../../src/vault/numbers.js';

describe('A number as people write it', () => {
  it.each([
    ['0105 1234 5678', '010512345678'],
    ['０１０５１２３４５６７８', '010512345678'],
    ['\u3000010512345678\t', '010512345678'],
    ['0105-1234－5678', '010512345678'],
    ['11010519491231002x', '11010519491231002X'],
    ['11010519491231002ｘ', '11010519491231002X'],
    ['110105\u200b19491231\u00a0002X\ufeff', '11010519491231002X'],
  ])('A number as people write it is normalised: %j is %s', (written, number) => expect(normalisedNumber(written)).toBe(number));

  it('A number as people write it is unchanged when it is normalised again', () =>
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => normalisedNumber(normalisedNumber(text)) === normalisedNumber(text))));
});

describe('An admission number', () => {
  it('An admission number has twelve digits', () => expect(isAdmissionNo('010512345678')).toBe(true));
  it.each(['01051234567', '0105123456789', '01051234567X', ''])('An admission number is not %j', (number) => expect(isAdmissionNo(number)).toBe(false));
});

describe('A citizen number', () => {
  it('A citizen number is valid with its check character', () => expect(isCitizenNo('11010519491231002X')).toBe(true));
  it.each([
    ['another check character', '110105194912310021'],
    ['two digits exchanged', '11010519491213002X'],
    ['a day that never was', '110105199002300019'],
    ['a letter inside', '1101051949123A002X'],
    ['15 digits', '110105491231002'],
    ['nothing', ''],
  ])('A citizen number is invalid with %s', (_, number) => expect(isCitizenNo(number)).toBe(false));

  it('A citizen number is invalid when any one digit is changed', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const right = '11010519491231002X';
        const changed = right.slice(0, at) + ((Number(right[at]) + by) % 10) + right.slice(at + 1);
        return !isCitizenNo(changed);
      }),
    ));

  it('A citizen number contains the birth date, if that was a real day', () => {
    expect(citizenBirth('11010519491231002X')).toBe('1949-12-31');
    expect(citizenBirth('110105190002290000')).toBeUndefined();
    expect(citizenBirth('110105209901010000')).toBeUndefined();
  });
});
