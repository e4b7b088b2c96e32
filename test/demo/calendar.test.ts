import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calendar } from '../../demo/calendar.js';
import { declarationPeriods } from '../../demo/declaration-periods.js';

const anyMoment = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2045-12-31T00:00:00Z'), noInvalidDate: true });

const days = { numRuns: 40 };

describe('The demo’s calendar, on any day,', () => {
  it('The demo’s calendar, on any day, has an exam on a weekend three to nine days ahead, whose arrangements are released', () =>
    fc.assert(
      fc.property(anyMoment, (now) => {
        const { today, current } = calendar(now);
        expect(current.saturday.weekday).toBe(6);
        expect(current.saturday.diff(today, 'days').days).toBeGreaterThanOrEqual(3);
        expect(current.saturday.diff(today, 'days').days).toBeLessThanOrEqual(9);
        expect(current.arrangementsReleased.toMillis()).toBeLessThan(now.getTime());
        expect(current.paymentCloses.toMillis()).toBeLessThan(now.getTime());
      }),
      days,
    ));

  it('The demo’s calendar, on any day, has results released yesterday, and an open enrolment', () =>
    fc.assert(
      fc.property(anyMoment, (now) => {
        const { today, last, next } = calendar(now);
        expect(today.diff(last.resultsReleased.startOf('day'), 'days').days).toBe(1);
        expect(last.saturday.plus({ days: 30 }).toMillis()).toBeLessThan(last.resultsReleased.toMillis());
        expect(next.enrolmentOpens.toMillis()).toBeLessThan(now.getTime());
        expect(next.registrationCloses.toMillis()).toBeGreaterThan(now.getTime());
        expect(next.enrolmentCloses.toMillis()).toBeGreaterThan(now.getTime());
        expect(next.paymentCloses.plus({ days: 30 }).toMillis()).toBeLessThan(next.saturday.toMillis());
      }),
      days,
    ));

  it('The demo’s calendar, on any day, names its periods by the nearest April and October', () => {
    const named = (now: string) => {
      const { last, current, next } = calendar(new Date(now));
      return [last, current, next].map(({ code, name }) => `${code} ${name}`);
    };
    expect(named('2026-11-28T00:00:00Z')).toEqual(['2604 2026年4月', '2610 2026年10月', '2704 2027年4月']);
    expect(named('2027-01-20T00:00:00Z')).toEqual(['2610 2026年10月', '2704 2027年4月', '2710 2027年10月']);
    expect(named('2027-06-20T00:00:00Z')).toEqual(['2610 2026年10月', '2704 2027年4月', '2710 2027年10月']);
    expect(named('2027-07-20T00:00:00Z')).toEqual(['2704 2027年4月', '2710 2027年10月', '2804 2028年4月']);
  });

  it('The demo’s calendar, on any day, names each period once, in order', () =>
    fc.assert(
      fc.property(anyMoment, (now) => {
        const { today, last, current, next, older } = calendar(now);
        const codes = [...older.toReversed(), last, current, next].map(({ code }) => code);
        expect(codes).toEqual([...new Set(codes)].sort());
        expect(codes.filter((code) => !/(04|10)$/.test(code))).toEqual([]);
        for (const kind of ['thesis', 'graduation', 'degree'] as const) {
          expect(new Set(declarationPeriods(today, kind).map(({ code }) => code)).size).toBe(4);
          expect(declarationPeriods(today, kind)[0].opens.toMillis()).toBeLessThan(now.getTime());
          expect(declarationPeriods(today, kind)[0].closes.toMillis()).toBeGreaterThan(now.getTime());
        }
      }),
      days,
    ));
});
