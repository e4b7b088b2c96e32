import { z } from 'zod';
import { admissionNo, billNo, code, fen, instant, oneOf, optional } from '../../imports/files/columns.js';
import type { ImportFile, RowFault } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { billStream, candidateIdOf, referenceTo, shouldFollow } from '../../imports/files/rows.js';
import type { BillLine, BillTerms, PaymentEvent } from '../payments.events.js';
import { VoidBill } from './corrections/void-bill.command.js';
import { RecordBill } from './record-bill.command.js';

const MAX_ITEMS = 50;
const ITEM = /^([\p{L}\p{N}._-]{1,32}):(0|[1-9]\d{0,8})$/u;

const columns = z.object({
  bill_no: billNo,
  admission_no: admissionNo,
  period: code,
  kind: oneOf('enrolment', 'thesis', 'degree'),
  state: oneOf('due', 'paid', 'expired', 'cancelled', 'refunded'),
  amount_fen: fen,
  created_at: instant,
  due_by: optional(instant),
  paid_at: optional(instant),
  items: z
    .string()
    .transform((text) => text.split(' '))
    .refine((items) => items.length <= MAX_ITEMS && items.every((item) => ITEM.test(item)), {
      error: '应为“代码:金额（分）”，多项之间用一个空格分隔，如 00015:3000 00018:3000',
      abort: true,
    })
    .transform((items) => items.map(lineOf)),
});

type Row = z.output<typeof columns>;
/** A receipt is a row of another file. */
type Reported = Exclude<PaymentEvent, { type: 'ReceiptIssued' }>;
type RowFromEvents = Omit<Row, 'admission_no' | 'items'> & { readonly items: readonly BillLine[] };

export const payments: ImportFile<Row, RowFromEvents> = {
  name: 'payments',
  columns,
  key: (row) => row.bill_no,
  references: (row) => [
    referenceTo('candidate', 'admission_no', row.admission_no),
    row.kind === 'enrolment' ? referenceTo('period', 'period', row.period) : referenceTo('declaration_period', 'period', `${row.kind}/${row.period}`),
    ...row.items.map((item) => referenceTo(row.kind === 'enrolment' ? 'course' : 'major', 'items', item.code)),
  ],
  faults,
  warnings: (row) => [
    ...shouldFollow(row.created_at, row.due_by, 'due_by', '缴费截止早于生成时间'),
    ...shouldFollow(row.created_at, row.paid_at, 'paid_at', '缴费时间早于生成时间'),
  ],
  stream: billStream,
  command: (row, given, found) =>
    new RecordBill(
      given,
      {
        candidateId: candidateIdOf(found),
        bill: row.bill_no,
        kind: row.kind,
        period: row.period,
        lines: row.items,
        fen: row.amount_fen,
        createdAt: row.created_at,
        dueBy: row.due_by,
      },
      row.state,
      row.paid_at,
    ),
  history: rowHistory<Reported, RowFromEvents>({
    on: {
      BillIssued: (_, terms) => ({ ...columnsOf(terms), state: 'due' }),
      BillCorrected: (row, terms) => row && { ...row, ...columnsOf(terms) },
      BillPaid: (row, { happenedAt }) => row && { ...row, state: 'paid', paid_at: happenedAt },
      BillExpired: (row) => row && { ...row, state: 'expired' },
      BillCancelled: (row) => row && { ...row, state: 'cancelled' },
      BillRefunded: (row) => row && { ...row, state: 'refunded' },
      BillReopened: (row) => row && { ...row, state: 'due', paid_at: undefined },
      BillVoided: () => undefined,
      PaymentBegun: asBefore,
      PaymentAsked: asBefore,
      PaymentFailed: asBefore,
      PaymentUnresolved: asBefore,
      PaymentContradicted: asBefore,
      PaymentDoubted: asBefore,
      DoubtSettled: asBefore,
      RefundDue: asBefore,
      RefundRequested: asBefore,
      RefundAsked: asBefore,
      RefundDone: asBefore,
      RefundRefused: asBefore,
    },
  }),
  takeBack: ({ bill_no }, given, found) => new VoidBill(given, candidateIdOf(found), bill_no),
  lasts: (after, before) => ([after.state, before?.state].some((state) => state === 'paid' || state === 'refunded') ? '账单已经缴费或退费' : undefined),
};

function faults({ state, paid_at, items, amount_fen }: Row): readonly RowFault[] {
  const found: RowFault[] = [];
  if (state === 'paid' && paid_at === undefined) found.push({ column: 'paid_at', reason: '已缴费的账单应填写缴费时间' });
  if (state !== 'paid' && state !== 'refunded' && paid_at !== undefined) found.push({ column: 'paid_at', reason: '未缴费的账单不应有缴费时间' });
  if (new Set(items.map((item) => item.code)).size < items.length) found.push({ column: 'items', reason: '同一代码出现了两次' });
  if (items.reduce((total, item) => total + item.fen, 0) !== amount_fen) found.push({ column: 'amount_fen', reason: '各项金额之和不等于总金额' });
  return found;
}

function lineOf(item: string): BillLine {
  const colon = item.indexOf(':');
  return { code: item.slice(0, colon), fen: Number(item.slice(colon + 1)) };
}

/** Of the money alone. */
function asBefore(row: RowFromEvents | undefined): RowFromEvents | undefined {
  return row;
}

function columnsOf({ bill, kind, period, lines, fen, createdAt, dueBy }: BillTerms) {
  return { bill_no: bill, kind, period, items: lines, amount_fen: fen, created_at: createdAt, due_by: dueBy };
}
