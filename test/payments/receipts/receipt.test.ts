import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { capitals } from '../../../src/payments/receipts/amount-in-capitals.js';
import type { ReceiptView } from '../../../src/payments/receipts/receipt.view.js';
import { fileOf, isPrintable } from '../../../src/payments/receipts/receipt-characters.js';
import { fontsFor } from '../../../src/payments/receipts/receipt-fonts.js';
import { canPrint, linesOf } from '../../../src/payments/receipts/receipt-layout.js';
import { receiptPdf } from '../../../src/payments/receipts/receipt-pdf.js';
import { textOfPdf } from './pdf-text.js';

interface OpenedFont {
  glyphForCodePoint(code: number): { readonly id: number; readonly path: { readonly commands: readonly unknown[] } };
}

/** A reader of fonts of its own, to look at what is embedded; it has no types. */
const fontkit: { create(font: Buffer): OpenedFont } = createRequire(import.meta.url)('fontkit');

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

describe('An amount in capitals', () => {
  it.each([
    [6_000, '陆拾元整'],
    [9_050, '玖拾元伍角整'],
    [105, '壹元零伍分'],
    [40_000, '肆佰元整'],
    [100_500, '壹仟零伍元整'],
    [10_000_000, '壹拾万元整'],
    [123_456_789, '壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
    [5, '伍分'],
  ])('An amount in capitals %i fen is %s', (fen, text) => expect(capitals(fen)).toBe(text));

  it('An amount in capitals reads back as the same amount, up to ten million yuan', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (fen) => expect(read(capitals(fen))).toBe(fen)),
      { numRuns: 2_000 },
    ));
});

/** Which of some characters have no glyph of their own in the font that a receipt embeds, or an empty one. */
async function blank(characters: readonly string[]): Promise<readonly string[]> {
  const fonts = await fontsFor(characters);
  const opened = new Map([...fonts].map(([file, font]) => [file, fontkit.create(font)]));
  return characters.filter((character) => {
    const glyph = opened.get(fileOf(character) ?? '')?.glyphForCodePoint(character.codePointAt(0) ?? 0);
    return !glyph || glyph.id === 0 || (glyph.path.commands.length === 0 && !/\p{Zs}/u.test(character));
  });
}

describe('A receipt as a PDF', () => {
  it('A receipt as a PDF contains its whole text in the order of its lines, with embedded fonts', async () => {
    const pdf = Buffer.from(await receiptPdf(receipt));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeLessThan(100_000);
    const text = textOfPdf(pdf);
    const all = linesOf(receipt).flatMap(({ cells }) => cells.map((cell) => cell.text));
    for (const each of all) expect(text).toContain(each);
    expect(text.indexOf('中国近现代史纲要')).toBeLessThan(text.indexOf('陆拾元伍角整'));
    expect(pdf.toString('latin1').match(/\/FontFile2/g)?.length).toBe(pdf.toString('latin1').match(/\/Type \/FontDescriptor/g)?.length);
  });

  it('A receipt as a PDF continues on further pages, and breaks long names', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => ({ code: `0${3_000 + at}`, name: '中国近现代史纲要'.repeat(6), fen: 3_000 }));
    const pdf = Buffer.from(await receiptPdf({ ...receipt, lines }));
    expect(Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBe(4);
    const text = textOfPdf(pdf);
    for (const { code } of lines) expect(text).toContain(`${code}中国近现代史纲要`);
  });

  it('A receipt as a PDF can print every character that is declared printable, and none of them is blank', async () => {
    const all = Array.from({ length: 0x30000 - 0x20 }, (_, at) => 0x20 + at).filter((code) => code < 0xd800 || code > 0xdfff);
    const claimed = all.map((code) => String.fromCodePoint(code)).filter(isPrintable);
    expect(claimed.length).toBeGreaterThan(13_000);
    const lines = Array.from({ length: Math.ceil(claimed.length / 200) }, (_, at) => claimed.slice(at * 200, (at + 1) * 200).join(' ')); // two next to each other may be drawn as one
    const text = textOfPdf(Buffer.from(await receiptPdf({ ...receipt, lines: lines.map((name, at) => ({ code: String(at), name, fen: 1 })) })));
    const printed = new Set(text);
    const drawnAlike = [...'\u00a0•➊➋➌➎・']; // of one glyph with another, which is read for them
    expect(claimed.filter((character) => !printed.has(character))).toEqual(drawnAlike);
    expect(await blank(claimed)).toEqual([]);
  });

  it.each([
    ['王鿰', false],
    ['孙䶶', false],
    ['Əliyev', false],
    ['Łukasz', false],
    ['Łukasz Šimon Yağmur', false],
    ['欧阳∙娜娜⋅甲', false],
    ['林\u200b禾', false],
    ['买买提‧艾力', true],
    ['阿依古丽·买买提', true],
    ['Nguyễn Thị Hạnh', true],
    ['José Müller', true],
  ])('A receipt as a PDF with %s is made in full or not at all', async (name, can) => {
    const named = { ...receipt, payer: { name, admissionNo: '1', idNo: '1' } };
    expect(canPrint(named)).toBe(can);
    if (can) expect(textOfPdf(Buffer.from(await receiptPdf(named)))).toContain(name);
  });

  it('A receipt as a PDF is not made where the font lacks a character of a name', () => {
    expect(canPrint(receipt)).toBe(true);
    expect(canPrint({ ...receipt, payer: { name: '林𠮷禾', admissionNo: '1', idNo: '1' } })).toBe(false);
    expect(canPrint({ ...receipt, payer: undefined })).toBe(true);
  });
});
