import type { HandlerClass } from '../event-store/handler.js';
import { FinishPasswordHandler } from './passwords/finish-password.command.js';
import { SignOutHandler } from './sessions/sign-out.command.js';
import { SignOutOthersHandler } from './sessions/sign-out-others.command.js';
import { NoteFailedSignInsHandler } from './sign-in/note-failed-sign-ins.command.js';
import { SignInHandler } from './sign-in/sign-in.command.js';

/** The handlers of the module's commands. */
export const identityHandlers = [
  SignInHandler,
  SignOutHandler,
  SignOutOthersHandler,
  NoteFailedSignInsHandler,
  FinishPasswordHandler,
] satisfies readonly HandlerClass[];
