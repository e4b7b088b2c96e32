import { Module } from '@nestjs/common';
import { ForgetCandidateHandler } from './forget-candidate.command.js';
import { RecordMajorHandler } from './record-major.command.js';
import { RegisterCandidateHandler } from './register-candidate.command.js';
import { SetPasswordHandler } from './set-password.command.js';

@Module({
  providers: [RegisterCandidateHandler, SetPasswordHandler, RecordMajorHandler, ForgetCandidateHandler],
})
export class RegistrationsModule {}
