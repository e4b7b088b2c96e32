import { Module } from '@nestjs/common';
import { ConfirmationPage } from './confirmation.page.js';
import { MajorsPage } from './majors.page.js';
import { NameHashes } from './name-hashes.js';
import { PhotoPage } from './photo.page.js';
import { ProfilePage } from './profile.page.js';
import { registrationsHandlers } from './registrations.handlers.js';
import { VaultErasures } from './vault-erasures.js';

@Module({
  controllers: [ConfirmationPage, MajorsPage, PhotoPage, ProfilePage],
  providers: [VaultErasures, NameHashes, ...registrationsHandlers],
})
export class RegistrationsModule {}
