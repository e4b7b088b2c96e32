import type { HandlerClass } from '../event-store/handler.js';
import { ApplyCorrectionHandler } from './corrections/apply-correction.command.js';
import { ApproveAfterwardsHandler } from './corrections/approve-afterwards.command.js';
import { ApproveCorrectionHandler } from './corrections/approve-correction.command.js';
import { NoteUndoneHandler } from './corrections/note-undone.command.js';
import { ProposeCorrectionHandler } from './corrections/propose-correction.command.js';
import { ReturnCorrectionHandler } from './corrections/return-correction.command.js';
import { WithdrawCorrectionHandler } from './corrections/withdraw-correction.command.js';
import { GiveTaskBackHandler } from './give-task-back.command.js';
import { AddOfficerHandler } from './officers/add-officer.command.js';
import { ApproveOfficerChangeHandler } from './officers/approve-officer-change.command.js';
import { DeclineOfficerChangeHandler } from './officers/decline-officer-change.command.js';
import { ProposeOfficerChangeHandler } from './officers/propose-officer-change.command.js';
import { ReinstateOfficerHandler } from './officers/reinstate-officer.command.js';
import { ResetOfficerHandler } from './officers/reset-officer.command.js';
import { SetOfficerPasswordHandler } from './officers/set-officer-password.command.js';
import { SuspendOfficerHandler } from './officers/suspend-officer.command.js';
import { AddPasskeyHandler } from './passkeys/add-passkey.command.js';
import { RemovePasskeyHandler } from './passkeys/remove-passkey.command.js';
import { RaiseTaskHandler } from './raise-task.command.js';
import { RecordViewingHandler } from './record-viewing.command.js';
import { SettleTaskHandler } from './settle-task.command.js';
import { EnrolFactorHandler } from './sign-in/enrol-factor.command.js';
import { NoteFailedOfficeSignInsHandler } from './sign-in/note-failed-office-sign-ins.command.js';
import { ProveFactorHandler } from './sign-in/prove-factor.command.js';
import { SignInOfficerHandler } from './sign-in/sign-in-officer.command.js';
import { SignOutOfficerHandler } from './sign-in/sign-out-officer.command.js';
import { TakeTaskHandler } from './take-task.command.js';

/** The handlers of the module's commands. */
export const officeHandlers = [
  RaiseTaskHandler,
  TakeTaskHandler,
  GiveTaskBackHandler,
  RecordViewingHandler,
  SettleTaskHandler,
  AddOfficerHandler,
  ResetOfficerHandler,
  SetOfficerPasswordHandler,
  SuspendOfficerHandler,
  ReinstateOfficerHandler,
  ProposeOfficerChangeHandler,
  ApproveOfficerChangeHandler,
  DeclineOfficerChangeHandler,
  SignInOfficerHandler,
  EnrolFactorHandler,
  ProveFactorHandler,
  SignOutOfficerHandler,
  NoteFailedOfficeSignInsHandler,
  AddPasskeyHandler,
  RemovePasskeyHandler,
  ProposeCorrectionHandler,
  ApproveCorrectionHandler,
  ApproveAfterwardsHandler,
  ReturnCorrectionHandler,
  WithdrawCorrectionHandler,
  ApplyCorrectionHandler,
  NoteUndoneHandler,
] satisfies readonly HandlerClass[];
