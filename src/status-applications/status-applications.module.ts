import { Module } from '@nestjs/common';
import { RecordStatusApplicationHandler } from './record-status-application.command.js';
import { StatusPage } from './status.page.js';

@Module({
  controllers: [StatusPage],
  providers: [RecordStatusApplicationHandler],
})
export class StatusApplicationsModule {}
