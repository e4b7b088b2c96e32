import { Module } from '@nestjs/common';
import { DeclarationsPage } from './declarations.page.js';
import { RecordDeclarationHandler } from './record-declaration.command.js';

@Module({
  controllers: [DeclarationsPage],
  providers: [RecordDeclarationHandler],
})
export class DeclarationsModule {}
