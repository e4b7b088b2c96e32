import { z } from 'zod';
import { billNo, instant } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { billStream } from '../../imports/files/rows.js';
import type { PaymentEvent } from '../payments.events.js';
import { RecordReceipt } from './record-receipt.command.js';

const columns = z.object({
  bill_no: billNo,
  receipt_code: z.string().regex(/^\d{8}$/, '应为 8 位数字'),
  receipt_no: z.string().regex(/^\d{10}$/, '应为 10 位数字'),
  check_code: z.string().regex(/^[A-Za-z\d]{6,20}$/, '应为 6 到 20 位字母或数字'),
  issued_at: instant,
});

type Row = z.output<typeof columns>;
/** Receipts of an earlier release may have no time. */
type RowFromEvents = Omit<Row, 'issued_at'> & { readonly issued_at?: string | undefined };

/** Fiscal receipts 财政电子票据 of bills that were paid. */
export const receipts: ImportFile<Row, RowFromEvents> = {
  name: 'receipts',
  columns,
  key: (row) => row.bill_no,
  // whether the bill exists and is paid is decided on its events when the row is recorded
  references: () => [],
  stream: billStream,
  command: ({ bill_no, receipt_code, receipt_no, check_code, issued_at }, given) =>
    new RecordReceipt(given, bill_no, { code: receipt_code, number: receipt_no, checkCode: check_code, issuedAt: issued_at }),
  history: rowHistory<PaymentEvent & { type: 'ReceiptIssued' }, RowFromEvents>({
    endedBy: ['BillVoided'],
    on: {
      ReceiptIssued: (_, { bill, code, number, checkCode, issuedAt }) => ({
        bill_no: bill,
        receipt_code: code,
        receipt_no: number,
        check_code: checkCode,
        issued_at: issuedAt,
      }),
    },
  }),
};
