import { money } from '../../web/views/formats.js';
import type { ReceiptView } from './receipt.view.js';
import { isPrintable } from './receipt-characters.js';

/** In points, on A4. */
export const MARGIN = 56;
export const WIDTH = 595.28 - 2 * MARGIN;
const TEXT = 11;
const TITLE = 20;
const NOTE = 9;
export const GAP = 10;
const LABEL = 72;
const CODE = 90;
const AMOUNT = 110;

const NOTE_TEXT = '本页按票据信息生成，供查看和留存。查验请凭票据代码、票据号码和校验码，以财政电子票据查验平台的结果为准。';

/** A row across the page, with texts aligned to the left or the right of their cells. */
export interface Line {
  readonly size: number;
  readonly cells: readonly { readonly text: string; readonly x: number; readonly width: number; readonly right?: true }[];
  readonly ruled?: true;
  readonly center?: true;
}

/** Whether the font has all characters of a receipt. */
export function canPrint(receipt: ReceiptView): boolean {
  return linesOf(receipt).every(({ cells }) => cells.every(({ text }) => isPrintable(text)));
}

/** The lines of a receipt. */
export function linesOf({ receipt, bill, issuedAt, payer, payee, kind, period, lines, fen, capitals, paidAt }: ReceiptView): readonly Line[] {
  const facts: readonly (readonly [label: string, value: string | undefined])[] = [
    ['票据代码', receipt.code],
    ['票据号码', receipt.number],
    ['校验码', receipt.checkCode],
    ['开票时间', issuedAt],
    ['交款人', payer?.name],
    ['准考证号', payer?.admissionNo],
    ['证件号码', payer?.idNo],
    ['收款单位', payee],
    ['缴费项目', `${kind}（${period}）`],
    ['账单号', bill],
    ['交易时间', paidAt],
  ];
  const row = (code: string, name: string, amount: string): Line => ({
    size: TEXT,
    ruled: true,
    cells: [
      { text: code, x: 0, width: CODE - GAP },
      { text: name, x: CODE, width: WIDTH - CODE - AMOUNT - GAP },
      { text: amount, x: WIDTH - AMOUNT, width: AMOUNT, right: true },
    ],
  });
  return [
    { size: TITLE, center: true, cells: [{ text: '财政电子票据', x: 0, width: WIDTH }] },
    ...facts.flatMap(([label, value]) => (value === undefined ? [] : [fact(label, value)])),
    row('代码', '名称', '金额（元）'),
    ...lines.map(({ code, name, fen: each }) => row(code, name, money(each))),
    row('合计', capitals, `¥ ${money(fen)}`),
    { size: NOTE, ruled: true, cells: [{ text: NOTE_TEXT, x: 0, width: WIDTH }] },
  ];
}

function fact(label: string, text: string): Line {
  return {
    size: TEXT,
    cells: [
      { text: label, x: 0, width: LABEL },
      { text, x: LABEL, width: WIDTH - LABEL },
    ],
  };
}
