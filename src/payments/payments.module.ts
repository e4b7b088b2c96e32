import { Module } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Config } from '../config.js';
import { AskPaymentHandler } from './ask-payment.command.js';
import { AskRefundHandler } from './ask-refund.command.js';
import { BeginPaymentHandler } from './begin-payment.command.js';
import { BillsPage } from './bills.page.js';
import { CancelBillHandler } from './cancel-bill.command.js';
import { CancellingPage } from './cancelling.page.js';
import { ExpireBillHandler } from './expire-bill.command.js';
import { FailPaymentHandler } from './fail-payment.command.js';
import { HearEndHandler } from './hear-end.command.js';
import { HearPaymentHandler } from './hear-payment.command.js';
import { IssueBillHandler } from './issue-bill.command.js';
import { NoteRefundHandler } from './note-refund.command.js';
import { NotificationApi } from './notification.api.js';
import { NotificationOutcomes } from './notification-outcomes.js';
import { PayingPage } from './paying.page.js';
import { PaymentGuidePage } from './payment-guide.page.js';
import { PaymentPlatform } from './payment-platform.js';
import { paymentPlatformOf } from './payment-platform-of.js';
import { PaymentsPage } from './payments.page.js';
import { ReceiptPage } from './receipt.page.js';
import { ReceiptPrinter } from './receipt-printer.js';
import { RecordBillHandler } from './record-bill.command.js';
import { RecordReceiptHandler } from './record-receipt.command.js';
import { RecordReconciliationHandler } from './record-reconciliation.command.js';
import { ReturnPage } from './return.page.js';
import { TakePaymentHandler } from './take-payment.command.js';

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
