import { Module } from '@nestjs/common';
import { commandProviders } from '../event-store/command-providers.js';
import { EventStore } from '../event-store/event-store.js';
import { providerOf } from '../kernel/provider.js';
import { Vault } from '../vault/vault.js';
import { ConfirmationPage } from './confirmation/confirmation.page.js';
import { MajorsPage } from './majors/majors.page.js';
import { NameHashMigration } from './name-hash-migration.js';
import { PhotoPage } from './profile/photo.page.js';
import { ProfilePage } from './profile/profile.page.js';
import { registrationsHandlers } from './registrations.handlers.js';
import { VaultErasures } from './vault-erasures.js';

@Module({
  controllers: [ConfirmationPage, MajorsPage, PhotoPage, ProfilePage],
  providers: [providerOf(VaultErasures, [EventStore, Vault]), providerOf(NameHashMigration, [EventStore, Vault]), ...commandProviders(registrationsHandlers)],
})
export class RegistrationsModule {}
