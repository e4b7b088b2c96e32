import type { HandlerClass } from '../event-store/handler.js';
import { LapseDeclarationHandler } from './lapse-declaration.command.js';
import { PayDeclarationHandler } from './pay-declaration.command.js';
import { RecordDeclarationHandler } from './record-declaration.command.js';
import { SubmitDeclarationHandler } from './submit-declaration.command.js';

/** The handlers of the module's commands. */
export const declarationsHandlers = [
  RecordDeclarationHandler,
  SubmitDeclarationHandler,
  PayDeclarationHandler,
  LapseDeclarationHandler,
] satisfies readonly HandlerClass[];
