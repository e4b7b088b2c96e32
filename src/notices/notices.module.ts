import { Module } from '@nestjs/common';
import { NoticesPage } from './notices.page.js';
import { PublishNoticeHandler } from './publish-notice.command.js';
import { WithdrawNoticeHandler } from './withdraw-notice.command.js';

@Module({
  controllers: [NoticesPage],
  providers: [PublishNoticeHandler, WithdrawNoticeHandler],
})
export class NoticesModule {}
