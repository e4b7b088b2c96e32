import { Global, Module, type OnModuleDestroy } from '@nestjs/common';
import { Readiness } from '../kernel/readiness.js';
import { AnnounceDeclarationPeriodHandler } from './announce-declaration-period.command.js';
import { AnnouncePeriodHandler } from './announce-period.command.js';
import { Catalogue } from './catalogue.js';
import { DescribeCourseHandler } from './describe-course.command.js';
import { DescribeDistrictHandler } from './describe-district.command.js';
import { DescribeMajorHandler } from './describe-major.command.js';
import { ListMajorCourseHandler } from './list-major-course.command.js';
import { PublicPages } from './public.page.js';
import { PublishContentHandler } from './publish-content.command.js';
import { RulesPage } from './rules.page.js';
import { SchedulePaperHandler } from './schedule-paper.command.js';
import { ScheduleUnitHandler } from './schedule-unit.command.js';
import { SetFeeHandler } from './set-fee.command.js';

/** Reference data: what decides about it, and what every other module looks up in it. */
@Global()
@Module({
  controllers: [PublicPages, RulesPage],
  providers: [
    Catalogue,
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
  ],
  exports: [Catalogue],
})
export class CatalogueModule implements OnModuleDestroy {
  constructor(
    private readonly catalogue: Catalogue,
    readiness: Readiness,
  ) {
    readiness.watch('reference data', () => catalogue.ailment());
  }

  onModuleDestroy(): Promise<void> {
    return this.catalogue.stop();
  }
}
