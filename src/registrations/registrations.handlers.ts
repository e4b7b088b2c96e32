import type { HandlerClass } from '../event-store/handler.js';
import { FollowPasswordHandler } from './follow-password.command.js';
import { ForgetCandidateHandler } from './forget-candidate.command.js';
import { IssueResetCodeHandler } from './issue-reset-code.command.js';
import { RecordMajorHandler } from './record-major.command.js';
import { RedeemResetHandler } from './redeem-reset.command.js';
import { RegisterCandidateHandler } from './register-candidate.command.js';
import { RehashPasswordHandler } from './rehash-password.command.js';
import { ReplacePasswordHandler } from './replace-password.command.js';
import { SetPasswordHandler } from './set-password.command.js';

/** What does the module's commands. */
export const registrationsHandlers = [
  RegisterCandidateHandler,
  SetPasswordHandler,
  ReplacePasswordHandler,
  RehashPasswordHandler,
  FollowPasswordHandler,
  IssueResetCodeHandler,
  RedeemResetHandler,
  RecordMajorHandler,
  ForgetCandidateHandler,
] satisfies readonly HandlerClass[];
