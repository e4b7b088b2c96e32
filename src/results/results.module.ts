import { Module } from '@nestjs/common';
import { RecordScoreHandler } from './record-score.command.js';

@Module({
  providers: [RecordScoreHandler],
})
export class ResultsModule {}
