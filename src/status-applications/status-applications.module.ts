import { Module } from '@nestjs/common';
import { RecordStatusApplicationHandler } from './record-status-application.command.js';

@Module({
  providers: [RecordStatusApplicationHandler],
})
export class StatusApplicationsModule {}
