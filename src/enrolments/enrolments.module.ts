import { Module } from '@nestjs/common';
import { ArrangeSeatHandler } from './arrange-seat.command.js';
import { RecordEnrolmentHandler } from './record-enrolment.command.js';

@Module({
  providers: [RecordEnrolmentHandler, ArrangeSeatHandler],
})
export class EnrolmentsModule {}
