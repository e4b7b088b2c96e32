import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ago, day, daysLeft, deadline, masked, moment, money, month, shortDay, sitting, until, windowEnd, yuan } from '../../../src/web/views/formats.js';

/** Noon of Sunday, 22 November 2026 in Beijing. */
const now = Date.parse('2026-11-22T12:00:00+08:00');

describe('Dates are shown in Beijing’s time', () => {
  it('Dates are shown in Beijing’s time whatever the offset of the instant', () => {
    expect(moment('2026-11-21T18:30:00Z')).toBe('2026年11月22日 02:30');
    expect(day('2026-11-28')).toBe('2026年11月28日');
    expect(month('1998-03')).toBe('1998年3月');
  });

  it('Dates are shown in Beijing’s time with weekday and half of the day for a paper', () => {
    expect(sitting('2026-11-28', '09:00')).toBe('2026年11月28日 周六 上午 09:00');
    expect(sitting('2026-11-29', '14:30')).toBe('2026年11月29日 周日 下午 14:30');
    expect(shortDay('2026-11-30')).toBe('11月30日 周一');
  });

  it('A text that is no date is an error where a date is shown', () => {
    expect(() => day('2026-13-45')).toThrow(RangeError);
  });
});

describe('A past time', () => {
  it('A past time is shown as people say it', () => {
    expect(ago('2026-11-22T00:05:00+08:00', now)).toBe('今天 00:05');
    expect(ago('2026-11-21T10:00:00+08:00', now)).toBe('昨天 10:00');
    expect(ago('2026-11-02T10:00:00+08:00', now)).toBe('11月2日');
    expect(ago('2025-11-02T10:00:00+08:00', now)).toBe('2025年11月2日');
  });
});

describe('A future time', () => {
  it('A future time is counted in calendar days', () => {
    expect(daysLeft('2026-11-28', now)).toBe('还有 6 天');
    expect(daysLeft('2026-11-23T00:30:00+08:00', now)).toBe('明天');
    expect(daysLeft('2026-11-22', now)).toBe('今天');
    expect(daysLeft('2026-11-21', now)).toBe('已过');
  });

  it('A future time that is midnight is shown as 24:00 of the day before', () => {
    expect(until('2026-12-02T00:00:00+08:00')).toBe('12月1日 24:00');
    expect(windowEnd('2026-12-02T00:00:00+08:00')).toBe('2026年12月1日 24:00');
    expect(windowEnd('2027-01-01T00:00:00+08:00')).toBe('2026年12月31日 24:00');
    expect(deadline('2026-11-23T00:00:00+08:00', now)).toBe('今天 24:00 截止，还有 12 小时');
    expect(deadline('2026-11-24T00:00:00+08:00', now)).toBe('明天 24:00 截止（11月23日）');
    expect(deadline('2027-01-01T00:00:00+08:00', now)).toBe('12月31日 24:00 截止，还有 39 天');
    expect(deadline('2026-11-22T00:00:00+08:00', now)).toBe('11月21日 24:00 已截止');
  });

  it('A future time is shown in days, then hours, then minutes, then as over', () => {
    expect(deadline('2026-12-02T17:00:00+08:00', now)).toBe('12月2日 17:00 截止，还有 10 天');
    expect(deadline('2026-11-23T17:00:00+08:00', now)).toBe('明天 17:00 截止（11月23日）');
    expect(deadline('2026-11-22T17:00:00+08:00', now)).toBe('今天 17:00 截止，还有 5 小时');
    expect(deadline('2026-11-22T12:20:00+08:00', now)).toBe('今天 12:20 截止，还有 20 分钟');
    expect(deadline('2026-11-22T12:00:00+08:00', now)).toBe('11月22日 12:00 已截止');
    expect(deadline('2027-04-02T17:00:00+08:00', now)).toBe('2027年4月2日 17:00 截止，还有 131 天');
  });

  it('A future time that is midnight is never shown as 00:00, whatever the day and the present time', () => {
    const day = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: -400, max: 400 }), (date, hours) => {
        const midnight = `${date.toISOString().slice(0, 10)}T00:00:00+08:00`;
        const said = [until(midnight), windowEnd(midnight), deadline(midnight, Date.parse(midnight) - hours * 3_600_000)];
        expect(said.filter((each) => !each.includes('24:00') || each.includes('00:00'))).toEqual([]);
      }),
    );
  });
});

describe('Money', () => {
  it('Money is written with two decimals and read aloud without needless zeros', () => {
    expect(money(9000)).toBe('90.00');
    expect(money(123_456_705)).toBe('1,234,567.05');
    expect(yuan(9000)).toBe('90 元');
    expect(yuan(9050)).toBe('90.50 元');
  });

  it('Money of any amount reads back as that amount', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (fen) => Math.round(Number(money(fen).replaceAll(',', '')) * 100) === fen));
  });
});

describe('A document’s number', () => {
  it('A document’s number is shown by its first three characters', () => {
    expect(masked('11010519491231002X')).toBe('110***************');
  });

  it('A document’s number never shows more, and keeps its length', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 3, maxLength: 30, unit: 'grapheme-ascii' }),
        (number) => masked(number).length === number.length && /^\**$/.test(masked(number).slice(3)),
      ),
    );
  });
});
