import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';

/** An unknown level is refused where the settings are read; until then it counts as `info`, so that the refusal is logged. */
const { LOG_LEVEL = '' } = process.env;
const level = LOG_LEVEL === 'silent' || Object.hasOwn(pino.levels.values, LOG_LEVEL) ? LOG_LEVEL : 'info';

const requests = new AsyncLocalStorage<string>();

/** The process's log: JSON lines, without names or numbers of people. */
export const log = pino({
  level,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => {
    const request = requests.getStore();
    return request === undefined ? {} : { request };
  },
  serializers: { err: loggedError },
  hooks: {
    // messages of libraries and errors may quote paths
    logMethod(given, write) {
      const [first, words] = given as [unknown, unknown];
      if (typeof first === 'string') given[0] = withoutPaths(first);
      else given[1] = withoutPaths(typeof words === 'string' ? words : errorMessage(first));
      write.apply(this, given);
    },
  },
});

/** Runs `work` with the request's id in every line logged by it and by the asynchronous work it starts. */
export function withRequestId<T>(id: string, work: () => T): T {
  return requests.run(id, work);
}

/** The fields of an error that are safe to log: others may hold what somebody has typed. */
function loggedError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown };
  return {
    type: name,
    message: withoutPaths(message),
    stack: withoutPaths(stack ?? ''),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(cause !== undefined && { cause: loggedError(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(loggedError) }),
  };
}

/** The message that pino takes from an error when none is given. */
function errorMessage(logged: unknown): string {
  const error = typeof logged === 'object' && logged !== null && 'err' in logged ? logged.err : logged;
  return error instanceof Error ? error.message : '';
}

/** Text without the paths that it quotes. */
function withoutPaths(text: string): string {
  return text.replace(/(["'])\/[^"']*\1/g, '$1…$1');
}
