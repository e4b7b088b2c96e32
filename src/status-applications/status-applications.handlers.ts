import type { HandlerClass } from '../event-store/handler.js';
import { RecordStatusApplicationHandler } from './record-status-application.command.js';

/** The handlers of the module's commands. */
export const statusApplicationsHandlers = [RecordStatusApplicationHandler] satisfies readonly HandlerClass[];
