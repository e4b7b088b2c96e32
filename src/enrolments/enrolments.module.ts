import { Module } from '@nestjs/common';
import { CoursesPage } from './courses.page.js';
import { enrolmentsHandlers } from './enrolments.handlers.js';
import { ExamPage } from './exam.page.js';
import { WithdrawingPage } from './withdrawing.page.js';

@Module({
  controllers: [CoursesPage, WithdrawingPage, ExamPage],
  providers: [...enrolmentsHandlers],
})
export class EnrolmentsModule {}
