import type { HandlerClass } from '../event-store/handler.js';
import { PublishContentHandler } from './contents/publish-content.command.js';
import { DescribeCourseHandler } from './courses/describe-course.command.js';
import { AnnounceDeclarationPeriodHandler } from './declaration-periods/announce-declaration-period.command.js';
import { DescribeDistrictHandler } from './districts/describe-district.command.js';
import { SetFeeHandler } from './fees/set-fee.command.js';
import { DescribeMajorHandler } from './majors/describe-major.command.js';
import { ListMajorCourseHandler } from './majors/list-major-course.command.js';
import { AnnouncePeriodHandler } from './periods/announce-period.command.js';
import { SchedulePaperHandler } from './periods/schedule-paper.command.js';
import { ScheduleUnitHandler } from './periods/schedule-unit.command.js';

/** The handlers of the module's commands. */
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
