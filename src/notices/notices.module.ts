import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { noticesHandlers } from './notices.handlers.js';
import { NoticesPage } from './notices.page.js';

@Module({
  controllers: [NoticesPage],
  providers: commandProviders(noticesHandlers),
})
export class NoticesModule {}
