import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { beijing, beijingJson, beijingText, givenTime } from '../../../src/cli/program/beijing-time.js';

describe('A time on the command line', () => {
  it.each([
    ['2026-11-29T12:30:00.000Z', '2026-11-29T20:30:00+08:00'],
    ['2026-11-29T16:00:00.250Z', '2026-11-30T00:00:00.250+08:00'],
  ])('The time %s is shown as Beijing’s with the offset: %s', (instant, shown) => {
    expect(beijing(instant)).toBe(shown);
  });

  it('A time on the command line means the same instant where it is pasted, whichever it is', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1992-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        const shown = beijing(date.toISOString());
        expect(givenTime(shown)).toEqual({ instant: date.toISOString(), shown });
        expect(shown).toBe(DateTime.fromJSDate(date).setZone('Asia/Shanghai').toISO({ suppressMilliseconds: true }));
      }),
    );
  });

  it.each([
    ['2026-11-22T18:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22 18:00:05', '2026-11-22T10:00:05.000Z'],
    ['2026-11-22', '2026-11-21T16:00:00.000Z'],
  ])('The time %s has no offset, is Beijing’s, and is said to be', (text, instant) => {
    expect(givenTime(text)).toEqual({ instant, shown: `北京时间 ${beijing(instant)}` });
  });

  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.123Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T05:00-05:00', '2026-11-22T10:00:00.000Z'],
  ])('The time %s keeps the offset that it has', (text, instant) => {
    expect(givenTime(text)).toEqual({ instant, shown: beijing(instant) });
  });

  it.each(['some day', '', '2026-02-30', '2026-11-22T25:00', '2026-11-22T18:00+25:00', '2026-11', '18:00', '2026-11-22T18:00:61'])(
    'The time %j is refused',
    (text) => {
      expect(() => givenTime(text)).toThrow('应为时间');
    },
  );

  it('A time on the command line is Beijing’s too where a stored document or the data of an event holds it, but not as a key or in a path', () => {
    const stored = { dueBy: '2026-10-18T16:00:00.000Z', paid: ['2026-10-18T02:00:05.250Z'], '2026-10-01T00:00:00.000Z': 'text', date: '2026-10-18', day: 'T' };
    const shown =
      '{"dueBy":"2026-10-19T00:00:00+08:00","paid":["2026-10-18T10:00:05.250+08:00"],"2026-10-01T00:00:00.000Z":"text","date":"2026-10-18","day":"T"}';
    expect(beijingJson(stored)).toBe(shown);
    expect(beijingText(JSON.stringify(stored))).toBe(shown);
    expect(beijingJson({ path: '2026-10-01T00:00:00.000Z', before: '2026-02-31T99:00:00.000Z' })).toBe(
      '{"path":"2026-10-01T00:00:00.000Z","before":"2026-02-31T99:00:00.000Z"}',
    );
    expect(beijingText('terms.2026-10-01T00:00:00.000Z.text：（无） → 2026-10-01T00:00:00.000Z')).toBe(
      'terms.2026-10-01T00:00:00.000Z.text：（无） → 2026-10-01T08:00:00+08:00',
    );
    expect(beijingText('2026-10-01T00:00:00Z，见 2026-10-01T00:00:00.000Z。')).toBe('2026-10-01T08:00:00+08:00，见 2026-10-01T08:00:00+08:00。');
  });
});
