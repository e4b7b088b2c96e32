import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DeclarationsModule } from '../declarations/declarations.module.js';
import { EnrolmentsModule } from '../enrolments/enrolments.module.js';
import { HomeModule } from '../home/home.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import type { Clock } from '../kernel/clock.js';
import { NoticesModule } from '../notices/notices.module.js';
import { OfficeModule } from '../office/office.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { RegistrationsModule } from '../registrations/registrations.module.js';
import { ResultsModule } from '../results/results.module.js';
import { ConfigModule } from '../settings/config.module.js';
import type { Settings } from '../settings/settings.js';
import { StatusApplicationsModule } from '../status-applications/status-applications.module.js';
import { WebModule } from '../web/web.module.js';
import { CorrectionsModule } from './modules/corrections.module.js';
import { EventStoreModule } from './modules/event-store.module.js';
import { RateLimitStoreModule } from './modules/rate-limit-store.module.js';
import { ReadModelsModule } from './modules/read-models.module.js';
import { VaultModule } from './modules/vault.module.js';

/** The stores as the settings choose them. */
const OWN_STORES: readonly StoreModule[] = [EventStoreModule, ReadModelsModule, VaultModule, RateLimitStoreModule];

type StoreModule = Type | DynamicModule;

const features = [
  CatalogueModule,
  RegistrationsModule,
  EnrolmentsModule,
  ResultsModule,
  PaymentsModule,
  DeclarationsModule,
  StatusApplicationsModule,
  NoticesModule,
  OfficeModule,
];

@Module({})
export class AppModule {
  /** The whole system. @param stores others than the settings choose, such as those of a past moment */
  static of(settings: Settings, clock?: Clock, stores = OWN_STORES): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.of(settings, clock), CqrsModule.forRoot(), ...stores, ...features, CorrectionsModule, IdentityModule, HomeModule, WebModule],
    };
  }
}
