import { Module } from '@nestjs/common';
import { declarationsHandlers } from './declarations.handlers.js';
import { DeclarationsPage } from './declarations.page.js';

@Module({
  controllers: [DeclarationsPage],
  providers: [...declarationsHandlers],
})
export class DeclarationsModule {}
