import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { Clock } from '../kernel/clock.js';
import { Config } from '../settings/settings.js';
import { BillsPage } from './bills/bills.page.js';
import { CancelBillPage } from './bills/cancel-bill.page.js';
import { PaymentsPage } from './bills/payments.page.js';
import { NotificationApi } from './notifications/notification.api.js';
import { NotificationOutcomes } from './notifications/notification-outcomes.js';
import { PayingPage } from './paying/paying.page.js';
import { PaymentGuidePage } from './paying/payment-guide.page.js';
import { ReturnPage } from './paying/return.page.js';
import { paymentsHandlers } from './payments.handlers.js';
import { configuredPaymentPlatform } from './platform/configured-payment-platform.js';
import { PaymentPlatform } from './platform/payment-platform.js';
import { ReceiptPage } from './receipts/receipt.page.js';
import { ReceiptPrinter } from './receipts/receipt-printer.js';

const platform = {
  provide: PaymentPlatform,
  useFactory: ({ settings }: Config, clock: Clock) => configuredPaymentPlatform(settings, clock),
  inject: [Config, Clock],
};

@Module({
  controllers: [CancelBillPage, BillsPage, PaymentGuidePage, PaymentsPage, PayingPage, ReturnPage, ReceiptPage],
  providers: [platform, NotificationApi, NotificationOutcomes, ReceiptPrinter, ...commandProviders(paymentsHandlers)],
  exports: [PaymentPlatform],
})
export class PaymentsModule {}
