import { Module } from '@nestjs/common';
import { ExamPage } from './arrangements/exam.page.js';
import { CoursesPage } from './courses/courses.page.js';
import { WithdrawingPage } from './courses/withdrawing.page.js';
import { enrolmentsHandlers } from './enrolments.handlers.js';

@Module({
  controllers: [CoursesPage, WithdrawingPage, ExamPage],
  providers: [...enrolmentsHandlers],
})
export class EnrolmentsModule {}
