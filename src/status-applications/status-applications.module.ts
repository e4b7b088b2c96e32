import { Module } from '@nestjs/common';
import { StatusPage } from './status.page.js';
import { statusApplicationsHandlers } from './status-applications.handlers.js';

@Module({
  controllers: [StatusPage],
  providers: [...statusApplicationsHandlers],
})
export class StatusApplicationsModule {}
