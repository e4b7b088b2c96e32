import { Module } from '@nestjs/common';
import { BillsPage } from './bills.page.js';
import { PaymentGuidePage } from './payment-guide.page.js';
import { PaymentsPage } from './payments.page.js';
import { RecordBillHandler } from './record-bill.command.js';

@Module({
  controllers: [BillsPage, PaymentGuidePage, PaymentsPage],
  providers: [RecordBillHandler],
})
export class PaymentsModule {}
