import { Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Config } from '../settings/settings.js';
import { BillsPage } from './bills/bills.page.js';
import { CancellingPage } from './bills/cancelling.page.js';
import { PaymentsPage } from './bills/payments.page.js';
import { paymentsHandlers } from './payments.handlers.js';
import { NotificationApi } from './platform/notification.api.js';
import { NotificationOutcomes } from './platform/notification-outcomes.js';
import { PayingPage } from './platform/paying.page.js';
import { PaymentGuidePage } from './platform/payment-guide.page.js';
import { PaymentPlatform } from './platform/payment-platform.js';
import { paymentPlatformOf } from './platform/payment-platform-of.js';
import { ReturnPage } from './platform/return.page.js';
import { ReceiptPage } from './receipts/receipt.page.js';
import { ReceiptPrinter } from './receipts/receipt-printer.js';

const platform = { provide: PaymentPlatform, useFactory: ({ settings }: Config, clock: Clock) => paymentPlatformOf(settings, clock), inject: [Config, Clock] };

@Module({
  controllers: [CancellingPage, BillsPage, PaymentGuidePage, PaymentsPage, PayingPage, ReturnPage, ReceiptPage],
  providers: [platform, NotificationApi, NotificationOutcomes, ReceiptPrinter, ...paymentsHandlers],
  exports: [PaymentPlatform],
})
export class PaymentsModule {}
