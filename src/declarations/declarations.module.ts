import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { declarationsHandlers } from './declarations.handlers.js';
import { DeclarationsPage } from './declarations.page.js';

@Module({
  controllers: [DeclarationsPage],
  providers: commandProviders(declarationsHandlers),
})
export class DeclarationsModule {}
