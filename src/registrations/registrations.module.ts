import { Module } from '@nestjs/common';
import { ConfirmationPage } from './confirmation/confirmation.page.js';
import { MajorsPage } from './majors/majors.page.js';
import { NameHashMigration } from './name-hash-migration.js';
import { PhotoPage } from './profile/photo.page.js';
import { ProfilePage } from './profile/profile.page.js';
import { registrationsHandlers } from './registrations.handlers.js';
import { VaultErasures } from './vault-erasures.js';

@Module({
  controllers: [ConfirmationPage, MajorsPage, PhotoPage, ProfilePage],
  providers: [VaultErasures, NameHashMigration, ...registrationsHandlers],
})
export class RegistrationsModule {}
