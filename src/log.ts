import { pino } from 'pino';

/** The process's log: JSON lines, with never a name or a number of a person in them. */
export const log = pino({
  level: process.env.LOG_LEVEL || 'info',
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
});
