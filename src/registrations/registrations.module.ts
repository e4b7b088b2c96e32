import { Module } from '@nestjs/common';
import { ConfirmationPage } from './confirmation.page.js';
import { ForgetCandidateHandler } from './forget-candidate.command.js';
import { Forgettings } from './forgettings.js';
import { IssueResetCodeHandler } from './issue-reset-code.command.js';
import { MajorsPage } from './majors.page.js';
import { NameHashes } from './name-hashes.js';
import { PhotoPage } from './photo.page.js';
import { ProfilePage } from './profile.page.js';
import { RecordMajorHandler } from './record-major.command.js';
import { RedeemResetHandler } from './redeem-reset.command.js';
import { RegisterCandidateHandler } from './register-candidate.command.js';
import { ReplacePasswordHandler } from './replace-password.command.js';
import { SetPasswordHandler } from './set-password.command.js';

@Module({
  controllers: [ConfirmationPage, MajorsPage, PhotoPage, ProfilePage],
  providers: [
    RegisterCandidateHandler,
    SetPasswordHandler,
    ReplacePasswordHandler,
    IssueResetCodeHandler,
    RedeemResetHandler,
    RecordMajorHandler,
    ForgetCandidateHandler,
    Forgettings,
    NameHashes,
  ],
})
export class RegistrationsModule {}
