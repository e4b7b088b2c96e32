import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { Catalogue } from '../../src/catalogue/catalogue.js';
import { AppModule } from '../../src/composition/app.module.js';
import { EventStore } from '../../src/event-store/event-store.js';
import type { ImportPorts } from '../../src/imports/import-folder.js';
import { readSettings } from '../../src/settings/settings.js';
import { Vault } from '../../src/vault/vault.js';

/** All that decides, on the files of a folder: what an import runs on. Hashing is not what is tried here. */
export async function centreOn(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<ImportPorts & { close(): Promise<void> }> {
  const settings = readSettings({ DATA_DIR: folder, ...environment });
  const application = await NestFactory.createApplicationContext(AppModule.withoutPages(settings), { logger: false });
  const events = application.get(EventStore);
  const catalogue = application.get(Catalogue);
  await catalogue.start();
  return {
    commands: application.get(CommandBus),
    events,
    vault: application.get(Vault),
    catalogue,
    settings,
    hash: async (password) => `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$${Buffer.from(password).toString('hex').padEnd(22, '0')}`,
    close: () => application.close(),
  };
}
