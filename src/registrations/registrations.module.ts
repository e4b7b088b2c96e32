import { Module } from '@nestjs/common';
import { ConfirmationPage } from './confirmation.page.js';
import { Forgettings } from './forgettings.js';
import { MajorsPage } from './majors.page.js';
import { NameHashes } from './name-hashes.js';
import { PhotoPage } from './photo.page.js';
import { ProfilePage } from './profile.page.js';
import { registrationsHandlers } from './registrations.handlers.js';

@Module({
  controllers: [ConfirmationPage, MajorsPage, PhotoPage, ProfilePage],
  providers: [Forgettings, NameHashes, ...registrationsHandlers],
})
export class RegistrationsModule {}
