import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { officeHandlers } from './office.handlers.js';

@Module({ providers: commandProviders(officeHandlers) })
export class OfficeModule {}
