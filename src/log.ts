import { pino } from 'pino';

/** What is set; a level that there is not is refused where the settings are read, and that must be said first. */
const { LOG_LEVEL = '' } = process.env;
const level = LOG_LEVEL === 'silent' || Object.hasOwn(pino.levels.values, LOG_LEVEL) ? LOG_LEVEL : 'info';

/** The process's log: JSON lines, with never a name or a number of a person in them. */
export const log = pino({
  level,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
});
