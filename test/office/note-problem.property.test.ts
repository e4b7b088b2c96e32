import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noteProblem } from '../../src/office/note-problem.js';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const numbers = fc.oneof(
  digits(12),
  digits(15),
  digits(18),
  fc.tuple(digits(17), fc.constantFrom('X', 'x', 'Ｘ')).map((parts) => parts.join('')),
);
const separator = fc.constantFrom('', '', ' ', '　', '\u00a0', '-', '—', '－', '.', '·', '．', '/', '_', '*', ' - ', '|', '(', '）', '\u0336', '+');
/** The same digit, as it is typed elsewhere. */
const written = fc.constantFrom<(digit: string) => string>(
  (digit) => digit,
  (digit) => digit.replace(/\d/, (each) => String.fromCodePoint(0xff10 + Number(each))),
  (digit) => digit.replace(/\d/, (each) => String.fromCodePoint(0x1d7ce + Number(each))),
  (digit) => digit.replace(/\d/, (each) => String.fromCodePoint(0x0660 + Number(each))),
);
const words = fc.constantFrom('', '考生', '来电核对：', '（', '准考证', '60 分，', '2610 ', 'A', '第 1 次 ');

describe('A note', () => {
  it('A note with a number of a person is refused, whatever stands between its digits and however they are written', () => {
    const typed = fc
      .tuple(numbers, fc.array(fc.tuple(separator, written), { minLength: 18, maxLength: 18 }))
      .map(([number, ways]) => [...number].map((digit, at) => `${at === 0 ? '' : ways[at]?.[0]}${ways[at]?.[1](digit)}`).join(''));
    fc.assert(
      fc.property(words, typed, words, (before, number, after) => {
        fc.pre(!/\p{Nd}$/u.test(before) && !/^\p{Nd}/u.test(after));
        expect([before + number + after, noteProblem(before + number + after)]).toEqual([before + number + after, expect.stringMatching(/不要写|看不见/)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '1100 0000 0125',
    '1199-0019-9012-0800-9X',
    '１１００００００００２５',
    '考生 119912345001 2 次',
    '1199，1234，5001',
    '一一九九 一二三四 五〇〇一',
    '119912345001①',
    '110101 2003-03-07 00:11',
    '2026-11-28 119912345001',
  ])('A note with a number of a person is refused: %s', (text) => expect(noteProblem(text)).toContain('不要写'));

  it.each([
    '登分有误',
    '2026-11-28 10:30 来电，已核对身份证',
    '2604、2610、2704 三个考期',
    '课程 00249，00015，00227',
    '订单 2026000000000101 平台已退 35.00 元',
    '账单 90000000000001',
    '电话 010-12345678',
    'FH-1',
    '二〇二六年十一月二十八日',
    '第一、第二、第三门',
    '改为 68 分 → 86 分',
  ])('A note without a number of a person is taken: %s', (text) => expect(noteProblem(text)).toBeUndefined());

  it.each([
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u2028',
    '\ufe0f',
  ])('A note with a character that is not seen is refused: %j', (character) => expect(noteProblem(`核${character}对`)).toContain('看不见的字符'));

  it.each(['考生赵明远来电', '赵 明 远', '赵·明远', 'ＺＨＡＯ　ming来电'])(
    'A note with the name of the candidate whom it is about is refused with why: %s',
    (text) => {
      expect(noteProblem(text, ['赵明远', 'Zhao Ming'])).toBe('中写了考生的姓名，请去掉：原因会一直留在记录里，删除个人资料时也删不掉');
      expect(noteProblem(text, ['赵', '', '李明'])).toBeUndefined();
    },
  );
});
