import { Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Config } from '../settings/settings.js';
import { BillsPage } from './bills/bills.page.js';
import { CancelBillHandler } from './bills/cancel-bill.command.js';
import { CancellingPage } from './bills/cancelling.page.js';
import { ExpireBillHandler } from './bills/expire-bill.command.js';
import { IssueBillHandler } from './bills/issue-bill.command.js';
import { NoteRefundHandler } from './bills/note-refund.command.js';
import { PaymentsPage } from './bills/payments.page.js';
import { RecordBillHandler } from './bills/record-bill.command.js';
import { AskPaymentHandler } from './platform/ask-payment.command.js';
import { AskRefundHandler } from './platform/ask-refund.command.js';
import { BeginPaymentHandler } from './platform/begin-payment.command.js';
import { FailPaymentHandler } from './platform/fail-payment.command.js';
import { HearEndHandler } from './platform/hear-end.command.js';
import { HearPaymentHandler } from './platform/hear-payment.command.js';
import { NotificationApi } from './platform/notification.api.js';
import { NotificationOutcomes } from './platform/notification-outcomes.js';
import { PayingPage } from './platform/paying.page.js';
import { PaymentGuidePage } from './platform/payment-guide.page.js';
import { PaymentPlatform } from './platform/payment-platform.js';
import { paymentPlatformOf } from './platform/payment-platform-of.js';
import { ReturnPage } from './platform/return.page.js';
import { TakePaymentHandler } from './platform/take-payment.command.js';
import { ReceiptPage } from './receipts/receipt.page.js';
import { ReceiptPrinter } from './receipts/receipt-printer.js';
import { RecordReceiptHandler } from './receipts/record-receipt.command.js';
import { RecordReconciliationHandler } from './reconciliation/record-reconciliation.command.js';

const platform = { provide: PaymentPlatform, useFactory: ({ settings }: Config, clock: Clock) => paymentPlatformOf(settings, clock), inject: [Config, Clock] };

@Module({
  controllers: [CancellingPage, BillsPage, PaymentGuidePage, PaymentsPage, PayingPage, ReturnPage, ReceiptPage],
  providers: [
    platform,
    NotificationApi,
    NotificationOutcomes,
    ReceiptPrinter,
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
  ],
  exports: [PaymentPlatform],
})
export class PaymentsModule {}
