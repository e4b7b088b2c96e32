import type { HandlerClass } from '../event-store/handler.js';
import { CancelBillHandler } from './bills/cancel-bill.command.js';
import { ExpireBillHandler } from './bills/expire-bill.command.js';
import { IssueBillHandler } from './bills/issue-bill.command.js';
import { NoteRefundHandler } from './bills/note-refund.command.js';
import { RecordBillHandler } from './bills/record-bill.command.js';
import { AskPaymentHandler } from './platform/ask-payment.command.js';
import { AskRefundHandler } from './platform/ask-refund.command.js';
import { BeginPaymentHandler } from './platform/begin-payment.command.js';
import { FailPaymentHandler } from './platform/fail-payment.command.js';
import { HearEndHandler } from './platform/hear-end.command.js';
import { HearPaymentHandler } from './platform/hear-payment.command.js';
import { TakePaymentHandler } from './platform/take-payment.command.js';
import { RecordReceiptHandler } from './receipts/record-receipt.command.js';
import { RecordReconciliationHandler } from './reconciliation/record-reconciliation.command.js';

/** What does the module's commands. */
export const paymentsHandlers = [
  RecordBillHandler,
  IssueBillHandler,
  BeginPaymentHandler,
  HearPaymentHandler,
  HearEndHandler,
  TakePaymentHandler,
  FailPaymentHandler,
  AskPaymentHandler,
  ExpireBillHandler,
  CancelBillHandler,
  AskRefundHandler,
  RecordReceiptHandler,
  NoteRefundHandler,
  RecordReconciliationHandler,
] satisfies readonly HandlerClass[];
