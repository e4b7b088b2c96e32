import type { HandlerClass } from '../event-store/handler.js';
import { CorrectStatusApplicationHandler } from './correct-status-application.command.js';
import { RecordStatusApplicationHandler } from './record-status-application.command.js';
import { VoidStatusApplicationHandler } from './void-status-application.command.js';

/** The handlers of the module's commands. */
export const statusApplicationsHandlers = [
  RecordStatusApplicationHandler,
  CorrectStatusApplicationHandler,
  VoidStatusApplicationHandler,
] satisfies readonly HandlerClass[];
