import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { Catalogue } from '../../src/catalogue/catalogue.js';
import { CatalogueModule } from '../../src/catalogue/catalogue.module.js';
import { readSettings, type Settings } from '../../src/config.js';
import { ConfigModule } from '../../src/config.module.js';
import { DeclarationsModule } from '../../src/declarations/declarations.module.js';
import { EnrolmentsModule } from '../../src/enrolments/enrolments.module.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { EventStoreModule } from '../../src/event-store/event-store.module.js';
import type { ImportPorts } from '../../src/imports/import-folder.js';
import { NoticesModule } from '../../src/notices/notices.module.js';
import { PaymentsModule } from '../../src/payments/payments.module.js';
import { ReadModels } from '../../src/read-models/read-models.js';
import { ReadModelsModule } from '../../src/read-models/read-models.module.js';
import { RegistrationsModule } from '../../src/registrations/registrations.module.js';
import { ResultsModule } from '../../src/results/results.module.js';
import { StatusApplicationsModule } from '../../src/status-applications/status-applications.module.js';
import { Vault } from '../../src/vault/vault.js';
import { VaultModule } from '../../src/vault/vault.module.js';

class Deciding {}

function deciding(settings: Settings): DynamicModule {
  const stores = [ConfigModule.of(settings), CqrsModule.forRoot(), EventStoreModule.of(), ReadModelsModule, VaultModule];
  const domain = [CatalogueModule, RegistrationsModule, EnrolmentsModule, ResultsModule, PaymentsModule, DeclarationsModule, StatusApplicationsModule];
  return { module: Deciding, imports: [...stores, ...domain, NoticesModule] };
}

/** All that decides, on the files of a folder: what an import runs on. Hashing is not what is tried here. */
export async function centreOn(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<ImportPorts & { close(): Promise<void> }> {
  const settings = readSettings({ DATA_DIR: folder, ...environment });
  const application = await NestFactory.createApplicationContext(deciding(settings), { logger: false });
  const events = application.get(EventStore);
  const catalogue = new Catalogue(events, application.get(ReadModels));
  await catalogue.start();
  return {
    commands: application.get(CommandBus),
    events,
    vault: application.get(Vault),
    catalogue,
    settings,
    hash: async (password) => `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$${Buffer.from(password).toString('hex').padEnd(22, '0')}`,
    close: async () => {
      await catalogue.stop();
      await application.close();
    },
  };
}
