import { Module } from '@nestjs/common';
import { RecordDeclarationHandler } from './record-declaration.command.js';

@Module({
  providers: [RecordDeclarationHandler],
})
export class DeclarationsModule {}
