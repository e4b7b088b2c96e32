import type { HandlerClass } from '../event-store/handler.js';
import { RaiseTaskHandler } from './raise-task.command.js';
import { RecordViewingHandler } from './record-viewing.command.js';
import { SettleTaskHandler } from './settle-task.command.js';

/** The handlers of the module's commands. */
export const officeHandlers = [RaiseTaskHandler, RecordViewingHandler, SettleTaskHandler] satisfies readonly HandlerClass[];
