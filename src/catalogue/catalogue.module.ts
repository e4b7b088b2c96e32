import { Global, Module, type OnModuleDestroy } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { EventStore } from '../event-store/event-store.js';
import { providerOf } from '../kernel/provider.js';
import { Readiness } from '../kernel/readiness.js';
import { ReadModels } from '../read-models/read-models.js';
import { catalogueHandlers } from './catalogue.handlers.js';
import { Catalogue } from './catalogue.js';
import { PublicPages } from './contents/public.page.js';
import { RulesPage } from './contents/rules.page.js';

/** Reference data: its commands and pages, and the catalogue that every other module reads. */
@Global()
@Module({
  controllers: [PublicPages, RulesPage],
  providers: [providerOf(Catalogue, [EventStore, ReadModels]), ...commandProviders(catalogueHandlers)],
  exports: [Catalogue],
})
export class CatalogueModule implements OnModuleDestroy {
  constructor(
    private readonly catalogue: Catalogue,
    readiness: Readiness,
  ) {
    readiness.addCheck('reference data', () => catalogue.healthProblem());
  }

  onModuleDestroy(): Promise<void> {
    return this.catalogue.stop();
  }
}
