import { Module } from '@nestjs/common';
import { ArrangeSeatHandler } from './arrange-seat.command.js';
import { ConfirmEnrolmentHandler } from './confirm-enrolment.command.js';
import { CoursesPage } from './courses.page.js';
import { ExamPage } from './exam.page.js';
import { FreeEnrolmentHandler } from './free-enrolment.command.js';
import { RecordEnrolmentHandler } from './record-enrolment.command.js';
import { SettleEnrolmentHandler } from './settle-enrolment.command.js';
import { WithdrawCourseHandler } from './withdraw-course.command.js';
import { WithdrawingPage } from './withdrawing.page.js';

@Module({
  controllers: [CoursesPage, WithdrawingPage, ExamPage],
  providers: [RecordEnrolmentHandler, ConfirmEnrolmentHandler, SettleEnrolmentHandler, FreeEnrolmentHandler, ArrangeSeatHandler, WithdrawCourseHandler],
})
export class EnrolmentsModule {}
