import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { capitals, type ReceiptView } from '../../src/payments/receipt.view.js';
import { canPrint, linesOf } from '../../src/payments/receipt-layout.js';
import { receiptPdf } from '../../src/payments/receipt-pdf.js';
import { textOfPdf } from './pdf-text.js';

const receipt: ReceiptView = {
  bill: '20260831523281',
  receipt: { code: '11010126', number: '0012345678', checkCode: 'a1B2c3' },
  issuedAt: '2026年11月22日 10:00',
  payer: { name: '林晓禾', admissionNo: '119912345601', idNo: '110***************' },
  payee: '示范考试院',
  kind: '笔试课程报考缴费',
  period: '2026年10月',
  lines: [
    { code: '03708', name: '中国近现代史纲要', fen: 3_000 },
    { code: '06090', name: '人员素质测评理论与方法', fen: 3_050 },
  ],
  fen: 6_050,
  capitals: '陆拾元伍角整',
  paidAt: '2026年8月31日 08:41',
};

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const UNITS: Readonly<Record<string, number>> = { 拾: 10, 佰: 100, 仟: 1_000 };

/** Reads capitals as a person does: fen. */
function read(text: string): number {
  let [total, section, digit] = [0, 0, 0];
  for (const character of text) {
    const value = DIGITS.indexOf(character);
    if (value >= 0) digit = value;
    else if (UNITS[character]) {
      section += digit * UNITS[character];
      digit = 0;
    } else if (character === '万') {
      total += (section + digit) * 10_000 * 100;
      [section, digit] = [0, 0];
    } else if (character === '元') {
      total += (section + digit) * 100;
      [section, digit] = [0, 0];
    } else if (character === '角') {
      total += digit * 10;
      digit = 0;
    } else if (character === '分') total += digit;
  }
  return total;
}

describe('money in capitals', () => {
  it.each([
    [6_000, '陆拾元整'],
    [9_050, '玖拾元伍角整'],
    [105, '壹元零伍分'],
    [40_000, '肆佰元整'],
    [100_500, '壹仟零伍元整'],
    [10_000_000, '壹拾万元整'],
    [123_456_789, '壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
    [5, '伍分'],
  ])('%i fen is %s', (fen, text) => expect(capitals(fen)).toBe(text));

  it('is read as what it was, up to ten million yuan', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (fen) => expect(read(capitals(fen))).toBe(fen)),
      { numRuns: 2_000 },
    ));
});

describe('a receipt as a PDF', () => {
  it('holds all that it says, in the order of its lines, with fonts of its own', async () => {
    const pdf = Buffer.from(await receiptPdf(receipt));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeLessThan(100_000);
    const text = textOfPdf(pdf);
    const all = linesOf(receipt).flatMap(({ cells }) => cells.map((cell) => cell.text));
    for (const each of all) expect(text).toContain(each);
    expect(text.indexOf('中国近现代史纲要')).toBeLessThan(text.indexOf('陆拾元伍角整'));
    expect(pdf.toString('latin1').match(/\/FontFile2/g)?.length).toBe(pdf.toString('latin1').match(/\/Type \/FontDescriptor/g)?.length);
  });

  it('goes on to further pages, and breaks long names', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => ({ code: `0${3_000 + at}`, name: '中国近现代史纲要'.repeat(6), fen: 3_000 }));
    const pdf = Buffer.from(await receiptPdf({ ...receipt, lines }));
    expect(Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBe(4);
    const text = textOfPdf(pdf);
    for (const { code } of lines) expect(text).toContain(`${code}中国近现代史纲要`);
  });

  it('is not made where the font lacks a character of a name', () => {
    expect(canPrint(receipt)).toBe(true);
    expect(canPrint({ ...receipt, payer: { name: '林𠮷禾', admissionNo: '1', idNo: '1' } })).toBe(false);
    expect(canPrint({ ...receipt, payer: undefined })).toBe(true);
  });
});
