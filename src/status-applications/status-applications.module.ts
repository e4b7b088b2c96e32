import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { StatusPage } from './status.page.js';
import { statusApplicationsHandlers } from './status-applications.handlers.js';

@Module({
  controllers: [StatusPage],
  providers: commandProviders(statusApplicationsHandlers),
})
export class StatusApplicationsModule {}
