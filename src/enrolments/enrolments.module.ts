import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { ExamPage } from './arrangements/exam.page.js';
import { CoursesPage } from './courses/courses.page.js';
import { WithdrawingPage } from './courses/withdrawing.page.js';
import { enrolmentsHandlers } from './enrolments.handlers.js';

@Module({
  controllers: [CoursesPage, WithdrawingPage, ExamPage],
  providers: commandProviders(enrolmentsHandlers),
})
export class EnrolmentsModule {}
