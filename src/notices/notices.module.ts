import { Module } from '@nestjs/common';
import { PublishNoticeHandler } from './publish-notice.command.js';
import { WithdrawNoticeHandler } from './withdraw-notice.command.js';

@Module({
  providers: [PublishNoticeHandler, WithdrawNoticeHandler],
})
export class NoticesModule {}
