import type { HandlerClass } from '../event-store/handler.js';
import { AnnounceDeclarationPeriodHandler } from './announce-declaration-period.command.js';
import { AnnouncePeriodHandler } from './announce-period.command.js';
import { DescribeCourseHandler } from './describe-course.command.js';
import { DescribeDistrictHandler } from './describe-district.command.js';
import { DescribeMajorHandler } from './describe-major.command.js';
import { ListMajorCourseHandler } from './list-major-course.command.js';
import { PublishContentHandler } from './publish-content.command.js';
import { SchedulePaperHandler } from './schedule-paper.command.js';
import { ScheduleUnitHandler } from './schedule-unit.command.js';
import { SetFeeHandler } from './set-fee.command.js';

/** What does the module's commands. */
export const catalogueHandlers = [
  AnnouncePeriodHandler,
  ScheduleUnitHandler,
  SchedulePaperHandler,
  DescribeCourseHandler,
  DescribeMajorHandler,
  ListMajorCourseHandler,
  DescribeDistrictHandler,
  SetFeeHandler,
  AnnounceDeclarationPeriodHandler,
  PublishContentHandler,
] satisfies readonly HandlerClass[];
