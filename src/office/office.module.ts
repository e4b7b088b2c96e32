import { Module } from '@nestjs/common';
import { RaiseTaskHandler } from './raise-task.command.js';
import { SettleTaskHandler } from './settle-task.command.js';

@Module({ providers: [RaiseTaskHandler, SettleTaskHandler] })
export class OfficeModule {}
