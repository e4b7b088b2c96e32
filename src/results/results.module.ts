import { Module } from '@nestjs/common';
import { RecordScoreHandler } from './record-score.command.js';
import { ResultsPage } from './results.page.js';

@Module({
  controllers: [ResultsPage],
  providers: [RecordScoreHandler],
})
export class ResultsModule {}
