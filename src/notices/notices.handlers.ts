import type { HandlerClass } from '../event-store/handler.js';
import { PublishNoticeHandler } from './publish-notice.command.js';
import { WithdrawNoticeHandler } from './withdraw-notice.command.js';

/** The handlers of the module's commands. */
export const noticesHandlers = [PublishNoticeHandler, WithdrawNoticeHandler] satisfies readonly HandlerClass[];
