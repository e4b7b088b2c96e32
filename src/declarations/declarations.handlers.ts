import type { HandlerClass } from '../event-store/handler.js';
import { CorrectDeclarationHandler } from './correct-declaration.command.js';
import { LapseDeclarationHandler } from './lapse-declaration.command.js';
import { PayDeclarationHandler } from './pay-declaration.command.js';
import { RecordDeclarationHandler } from './record-declaration.command.js';
import { SubmitDeclarationHandler } from './submit-declaration.command.js';
import { UnpayDeclarationHandler } from './unpay-declaration.command.js';
import { VoidDeclarationHandler } from './void-declaration.command.js';

/** The handlers of the module's commands. */
export const declarationsHandlers = [
  RecordDeclarationHandler,
  SubmitDeclarationHandler,
  PayDeclarationHandler,
  LapseDeclarationHandler,
  CorrectDeclarationHandler,
  VoidDeclarationHandler,
  UnpayDeclarationHandler,
] satisfies readonly HandlerClass[];
