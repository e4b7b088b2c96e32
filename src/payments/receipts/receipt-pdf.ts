import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { ReceiptView } from './receipt.view.js';
import { runsOf } from './receipt-characters.js';
import { fontsFor } from './receipt-fonts.js';
import { GAP, type Line, linesOf, MARGIN, WIDTH } from './receipt-layout.js';

/** In points, on A4. */
const BOTTOM = 841.89 - MARGIN;
const LEADING = 1.6;

/** A receipt as a PDF with embedded subsets of its fonts. It takes most of a second: not for an event loop that answers pages. */
export async function receiptPdf(receipt: ReceiptView): Promise<Uint8Array<ArrayBuffer>> {
  const lines = linesOf(receipt);
  const fonts = await fontsFor(lines.flatMap(({ cells }) => cells.map(({ text }) => text)));
  const info = { Title: `财政电子票据 ${receipt.receipt.code} ${receipt.receipt.number}` };
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, info, lang: 'zh-CN', displayTitle: true });
  const bytes = buffer(document);
  for (const [file, font] of fonts) document.registerFont(file, font);
  const pen = new Pen(document);
  for (const line of lines) pen.write(line);
  document.end();
  return new Uint8Array(await bytes);
}

/** Writes lines onto pages, with the font of each character. */
class Pen {
  private y = MARGIN;

  constructor(private readonly document: PDFKit.PDFDocument) {}

  write({ size, cells, ruled, center }: Line): void {
    const wrapped = cells.map((cell) => ({ ...cell, rows: this.wrap(cell.text, cell.width, size) }));
    const height = Math.max(...wrapped.map(({ rows }) => rows.length)) * size * LEADING + (ruled ? GAP : 0);
    if (this.y + height > BOTTOM) {
      this.document.addPage();
      this.y = MARGIN;
    }
    if (ruled) {
      this.document
        .moveTo(MARGIN, this.y + GAP / 2)
        .lineTo(MARGIN + WIDTH, this.y + GAP / 2)
        .lineWidth(0.5)
        .stroke('#888888');
      this.y += GAP;
    }
    for (const { rows, x, width, right } of wrapped) {
      for (const [at, text] of rows.entries()) {
        const free = width - this.widthOf(text, size);
        this.put(text, MARGIN + x + (right ? free : center ? free / 2 : 0), this.y + at * size * LEADING, size);
      }
    }
    this.y += height - (ruled ? GAP : 0);
  }

  /** Breaks between any two characters, as Chinese is. */
  private wrap(text: string, width: number, size: number): readonly string[] {
    const rows = [''];
    for (const character of text) {
      const longer = `${rows.at(-1)}${character}`;
      if (this.widthOf(longer, size) > width) rows.push(character);
      else rows[rows.length - 1] = longer;
    }
    return rows;
  }

  private widthOf(text: string, size: number): number {
    return this.runs(text).reduce((total, run) => total + this.in(run.file, size).widthOfString(run.text), 0);
  }

  private put(text: string, left: number, y: number, size: number): void {
    let x = left;
    for (const run of this.runs(text)) {
      this.in(run.file, size).fillColor('#000000').text(run.text, x, y, { lineBreak: false });
      x += this.document.widthOfString(run.text);
    }
  }

  private runs(text: string) {
    return runsOf(text).flatMap(({ file, text: run }) => (file === undefined ? [] : [{ file, text: run }]));
  }

  private in(file: string, size: number): PDFKit.PDFDocument {
    return this.document.font(file).fontSize(size);
  }
}
