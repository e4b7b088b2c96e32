import { Module } from '@nestjs/common';
import { officeHandlers } from './office.handlers.js';

@Module({ providers: [...officeHandlers] })
export class OfficeModule {}
