import { Module } from '@nestjs/common';
import { ArrangeSeatHandler } from './arrange-seat.command.js';
import { CoursesPage } from './courses.page.js';
import { ExamPage } from './exam.page.js';
import { RecordEnrolmentHandler } from './record-enrolment.command.js';

@Module({
  controllers: [CoursesPage, ExamPage],
  providers: [RecordEnrolmentHandler, ArrangeSeatHandler],
})
export class EnrolmentsModule {}
