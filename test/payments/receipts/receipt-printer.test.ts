import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceiptView } from '../../../src/payments/receipts/receipt.view.js';
import { ReceiptPrinter } from '../../../src/payments/receipts/receipt-printer.js';
import { OpenSafe } from '../../../src/vault/safe.js';
import { SetClock } from '../../centre.js';

const receipt = (number: number, name = '林晓禾'): ReceiptView => ({
  bill: '20260831523281',
  receipt: { code: '11010126', number: String(number).padStart(10, '0'), checkCode: 'a1B2c3' },
  payer: { name, admissionNo: '119912345601', idNo: '110***************' },
  kind: '笔试课程报考缴费',
  period: '2026年10月',
  lines: [{ code: '03708', name: '中国近现代史纲要', fen: 3_000 }],
  fen: 3_000,
  capitals: '叁拾元整',
});

/** Counts what is sealed and opened. */
class CountingSafe extends OpenSafe {
  sealed = 0;
  opened = 0;

  constructor() {
    super(randomUUID(), randomBytes(32));
  }

  override sealBytes(bytes: Uint8Array): Uint8Array {
    this.sealed++;
    return super.sealBytes(bytes);
  }

  override openBytes(sealed: Uint8Array): Uint8Array {
    this.opened++;
    return super.openBytes(sealed);
  }
}

const clock = new SetClock(new Date());
/** One for all tests, each of which prints for candidates of its own: its thread takes long to start. */
const printer = new ReceiptPrinter(clock);
beforeEach(() => {
  clock.time = new Date('2026-11-22T02:00:00.000Z');
});
afterAll(() => printer.onApplicationShutdown());

const outcomes = (prints: readonly Promise<Buffer>[]) =>
  Promise.all(prints.map((print) => print.then((pdf) => pdf.subarray(0, 5).toString()).catch((error: { status?: number }) => error.status)));

describe('The printer of receipts', () => {
  it('The printer of receipts lets one candidate wait for two receipts at a time, and prints those of others meanwhile', async () => {
    const [greedy, other] = [new CountingSafe(), new CountingSafe()];
    const all = [1, 2, 3, 4, 5].map((number) => printer.print(greedy, receipt(number)));
    expect(await outcomes([...all, printer.print(other, receipt(6))])).toEqual(['%PDF-', '%PDF-', 429, 429, 429, '%PDF-']);
    expect(await outcomes([printer.print(greedy, receipt(3))])).toEqual(['%PDF-']);
  });

  it('The printer of receipts prints at most twenty receipts of one candidate in an hour, but serves printed ones again, and says when the next can be printed', async () => {
    const safe = new CountingSafe();
    const refused = (print: Promise<Buffer>) => print.then(() => undefined).catch(({ seconds }: { seconds: number }) => seconds);
    const all = [1, 2, 3].map((number) => refused(printer.print(safe, receipt(number))));
    expect(await Promise.all(all)).toEqual([undefined, undefined, 5]);
    for (let number = 3; number <= 20; number++) await printer.print(safe, receipt(number));
    expect(await outcomes([printer.print(safe, receipt(21)), printer.print(safe, receipt(20))])).toEqual([429, '%PDF-']);
    clock.time = new Date('2026-11-22T02:20:00.000Z');
    expect(await refused(printer.print(safe, receipt(21)))).toBe(40 * 60);
    clock.time = new Date('2026-11-22T03:00:01.000Z');
    expect(await outcomes([printer.print(safe, receipt(21))])).toEqual(['%PDF-']);
  });

  it('The printer of receipts keeps printed receipts sealed, and prints once what is requested twice', async () => {
    const safe = new CountingSafe();
    const [one, two] = await Promise.all([printer.print(safe, receipt(1)), printer.print(safe, receipt(1))]);
    expect(two.equals(one)).toBe(true);
    expect([safe.sealed, safe.opened]).toEqual([1, 0]);
    clock.time = new Date('2026-11-23T02:00:00.000Z');
    expect((await printer.print(safe, receipt(1))).equals(one)).toBe(true);
    expect([safe.sealed, safe.opened]).toEqual([1, 1]);
  });

  it("The printer of receipts prints a receipt anew when its text has changed, and prints another candidate's separately", async () => {
    const [safe, other] = [new CountingSafe(), new CountingSafe()];
    await printer.print(safe, receipt(1));
    await printer.print(safe, receipt(1, '林小禾'));
    await printer.print(other, receipt(1));
    expect([safe.sealed, safe.opened, other.sealed, other.opened]).toEqual([2, 0, 1, 0]);
  });

  it('The printer of receipts keeps nothing of a forgotten candidate', async () => {
    const safe = new CountingSafe();
    await printer.print(safe, { ...receipt(1), payer: undefined });
    expect([safe.sealed, safe.opened]).toEqual([0, 0]);
  });
});
