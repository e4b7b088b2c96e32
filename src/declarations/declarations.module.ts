import { Module } from '@nestjs/common';
import { DeclarationsPage } from './declarations.page.js';
import { LapseDeclarationHandler } from './lapse-declaration.command.js';
import { PayDeclarationHandler } from './pay-declaration.command.js';
import { RecordDeclarationHandler } from './record-declaration.command.js';
import { SubmitDeclarationHandler } from './submit-declaration.command.js';

@Module({
  controllers: [DeclarationsPage],
  providers: [RecordDeclarationHandler, SubmitDeclarationHandler, PayDeclarationHandler, LapseDeclarationHandler],
})
export class DeclarationsModule {}
