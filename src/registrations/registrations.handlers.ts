import type { HandlerClass } from '../event-store/handler.js';
import { ConfirmSiteHandler } from './confirmation/confirm-site.command.js';
import { WithdrawSiteConfirmationHandler } from './confirmation/withdraw-site-confirmation.command.js';
import { ChangeAccountStateHandler } from './corrections/change-account-state.command.js';
import { CorrectPersonHandler } from './corrections/correct-person.command.js';
import { RestoreRegistrationHandler } from './corrections/restore-registration.command.js';
import { VoidRegistrationHandler } from './corrections/void-registration.command.js';
import { ForgetCandidateHandler } from './forget-candidate.command.js';
import { CorrectMajorHandler } from './majors/correct-major.command.js';
import { RecordMajorHandler } from './majors/record-major.command.js';
import { WithdrawMajorHandler } from './majors/withdraw-major.command.js';
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
  RestoreRegistrationHandler,
  CorrectPersonHandler,
  VoidRegistrationHandler,
  SetPasswordHandler,
  ReplacePasswordHandler,
  RehashPasswordHandler,
  FollowPasswordHandler,
  IssueResetCodeHandler,
  RedeemResetHandler,
  RecordMajorHandler,
  CorrectMajorHandler,
  WithdrawMajorHandler,
  ConfirmSiteHandler,
  WithdrawSiteConfirmationHandler,
  ChangeAccountStateHandler,
  ForgetCandidateHandler,
] satisfies readonly HandlerClass[];
