import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';

/** What is set; a level that there is not is refused where the settings are read, and that must be said first. */
const { LOG_LEVEL = '' } = process.env;
const level = LOG_LEVEL === 'silent' || Object.hasOwn(pino.levels.values, LOG_LEVEL) ? LOG_LEVEL : 'info';

const requests = new AsyncLocalStorage<string>();

/** The process's log: JSON lines, with never a name or a number of a person in them. */
export const log = pino({
  level,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => {
    const request = requests.getStore();
    return request === undefined ? {} : { request };
  },
  serializers: { err: faultOf },
  hooks: {
    // of ours each line has an object: words alone are the server library's, which may quote an address
    logMethod(given, write) {
      if (typeof given[0] === 'string') given[0] = withoutAddresses(given[0]);
      return write.apply(this, given);
    },
  },
});

/** Runs `work` so that every line logged during it, and during what it begins, carries the id of the request. */
export function inRequest<T>(id: string, work: () => T): T {
  return requests.run(id, work);
}

/** Of an error what says where to look, and nothing that it was given: its other fields may hold what somebody has typed. */
function faultOf(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message: withoutAddresses(message),
    stack: withoutAddresses(stack ?? ''),
    ...('code' in error && { code: error.code }),
    ...(cause !== undefined && { cause: faultOf(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(faultOf) }),
  };
}

/** Text without the paths that it quotes. */
function withoutAddresses(text: string): string {
  return text.replace(/(["'])\/[^"']*\1/g, '$1…$1');
}
