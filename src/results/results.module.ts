import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { resultsHandlers } from './results.handlers.js';
import { ResultsPage } from './results.page.js';

@Module({
  controllers: [ResultsPage],
  providers: commandProviders(resultsHandlers),
})
export class ResultsModule {}
