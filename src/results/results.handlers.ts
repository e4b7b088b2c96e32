import type { HandlerClass } from '../event-store/handler.js';
import { RecordScoreHandler } from './record-score.command.js';
import { WithdrawScoreHandler } from './withdraw-score.command.js';
import { WithholdScoreHandler } from './withhold-score.command.js';

/** The handlers of the module's commands. */
export const resultsHandlers = [RecordScoreHandler, WithholdScoreHandler, WithdrawScoreHandler] satisfies readonly HandlerClass[];
