import { describe, expect, it } from '@jest/globals';
import { receipts } from '../../../src/payments/receipts/receipts.import.js';
import { rowsOf } from '../../file-rows.js';

const rows = rowsOf(receipts, {
  bill_no: '20260000000001',
  receipt_code: '11010126',
  receipt_no: '0012345678',
  check_code: 'a1B2c3',
  issued_at: '2026-11-22T10:00:00+08:00',
});

describe('A row of the receipts file', () => {
  it('A row of the receipts file becomes the receipt of a bill, its time in UTC', () =>
    expect(rows.command()).toMatchObject({
      bill: '20260000000001',
      receipt: { code: '11010126', number: '0012345678', checkCode: 'a1B2c3', issuedAt: '2026-11-22T02:00:00.000Z' },
    }));

  it.each([
    ['bill_no', '2026000000001'],
    ['bill_no', ''],
    ['receipt_code', '1101012'],
    ['receipt_code', '110101261'],
    ['receipt_no', '12345678'],
    ['receipt_no', '001234567A'],
    ['check_code', 'a1B2c'],
    ['check_code', 'a1B2c3a1B2c3a1B2c3a1B'],
    ['check_code', 'a1 B2c3'],
    ['issued_at', ''],
    ['issued_at', '2026-11-22 10:00'],
  ])('A row of the receipts file is rejected for %s “%s”', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of the receipts file is either read or rejected, whatever it contains', () => rows.neverThrows());
});
