import { Module } from '@nestjs/common';
import { noticesHandlers } from './notices.handlers.js';
import { NoticesPage } from './notices.page.js';

@Module({
  controllers: [NoticesPage],
  providers: [...noticesHandlers],
})
export class NoticesModule {}
