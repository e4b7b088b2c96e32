import { Module } from '@nestjs/common';
import { RecordBillHandler } from './record-bill.command.js';

@Module({
  providers: [RecordBillHandler],
})
export class PaymentsModule {}
