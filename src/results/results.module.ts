import { Module } from '@nestjs/common';
import { resultsHandlers } from './results.handlers.js';
import { ResultsPage } from './results.page.js';

@Module({
  controllers: [ResultsPage],
  providers: [...resultsHandlers],
})
export class ResultsModule {}
