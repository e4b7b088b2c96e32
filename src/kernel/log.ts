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
    // words that are not ours are the server library's, or an error's: they may quote an address
    logMethod(given, write) {
      const [first, words] = given as [unknown, unknown];
      if (typeof first === 'string') given[0] = withoutAddresses(first);
      else given[1] = withoutAddresses(typeof words === 'string' ? words : wordsOf(first));
      write.apply(this, given);
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
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown };
  return {
    type: name,
    message: withoutAddresses(message),
    stack: withoutAddresses(stack ?? ''),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(cause !== undefined && { cause: faultOf(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(faultOf) }),
  };
}

/** What pino would say of an error by itself. */
function wordsOf(logged: unknown): string {
  const error = typeof logged === 'object' && logged !== null && 'err' in logged ? logged.err : logged;
  return error instanceof Error ? error.message : '';
}

/** Text without the paths that it quotes. */
function withoutAddresses(text: string): string {
  return text.replace(/(["'])\/[^"']*\1/g, '$1…$1');
}
