import type { HandlerClass } from '../event-store/handler.js';
import { RecordScoreHandler } from './record-score.command.js';

/** The handlers of the module's commands. */
export const resultsHandlers = [RecordScoreHandler] satisfies readonly HandlerClass[];
