import type { HandlerClass } from '../event-store/handler.js';
import { ForgetCandidateHandler } from './forget-candidate.command.js';
import { RecordMajorHandler } from './majors/record-major.command.js';
import { FollowPasswordHandler } from './passwords/follow-password.command.js';
import { IssueResetCodeHandler } from './passwords/issue-reset-code.command.js';
import { RedeemResetHandler } from './passwords/redeem-reset.command.js';
import { RehashPasswordHandler } from './passwords/rehash-password.command.js';
import { ReplacePasswordHandler } from './passwords/replace-password.command.js';
import { SetPasswordHandler } from './passwords/set-password.command.js';
import { RegisterCandidateHandler } from './register-candidate.command.js';

/** The handlers of the module's commands. */
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
