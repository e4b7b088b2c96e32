import type { HandlerClass } from '../event-store/handler.js';
import { CancelBillHandler } from './bills/cancel-bill.command.js';
import { CorrectBillHandler } from './bills/corrections/correct-bill.command.js';
import { VoidBillHandler } from './bills/corrections/void-bill.command.js';
import { ExpireBillHandler } from './bills/expire-bill.command.js';
import { IssueBillHandler } from './bills/issue-bill.command.js';
import { RecordBillHandler } from './bills/record-bill.command.js';
import { RecordNotifiedEndHandler } from './notifications/record-notified-end.command.js';
import { RecordNotifiedPaymentHandler } from './notifications/record-notified-payment.command.js';
import { AskPaymentHandler } from './paying/ask-payment.command.js';
import { AskRefundHandler } from './paying/ask-refund.command.js';
import { BeginPaymentHandler } from './paying/begin-payment.command.js';
import { FailPaymentHandler } from './paying/fail-payment.command.js';
import { NoteRefundHandler } from './paying/note-refund.command.js';
import { TakePaymentHandler } from './paying/take-payment.command.js';
import { RecordReceiptHandler } from './receipts/record-receipt.command.js';
import { RecordReconciliationHandler } from './reconciliation/record-reconciliation.command.js';

/** The handlers of the module's commands. */
export const paymentsHandlers = [
  RecordBillHandler,
  CorrectBillHandler,
  VoidBillHandler,
  IssueBillHandler,
  BeginPaymentHandler,
  RecordNotifiedPaymentHandler,
  RecordNotifiedEndHandler,
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
