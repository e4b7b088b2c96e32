import { AsyncLocalStorage } from 'node:async_hooks';
import { type LoggerOptions, pino } from 'pino';

/** An unknown level is refused when the settings are read. Until then `info` is used, so that the refusal is logged. */
const { LOG_LEVEL = '' } = process.env;
const level = LOG_LEVEL === 'silent' || Object.hasOwn(pino.levels.values, LOG_LEVEL) ? LOG_LEVEL : 'info';

/** The command line keeps standard output for its answers: it names standard error here, also for its threads. */
const { LOG_FD = '1' } = process.env;

const requestIds = new AsyncLocalStorage<string>();

const options: LoggerOptions = {
  level,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => {
    const request = requestIds.getStore();
    return request === undefined ? {} : { request };
  },
  serializers: { err: loggedError },
  hooks: {
    // messages of libraries and errors may quote paths
    logMethod(args, write) {
      const [first, message] = args as [unknown, unknown];
      if (typeof first === 'string') args[0] = withoutPaths(first);
      else args[1] = withoutPaths(typeof message === 'string' ? message : errorMessage(first));
      write.apply(this, args);
    },
  },
};

/** The process's log: JSON lines, without names or numbers of people. */
export const log = pino(options, pino.destination(Number(LOG_FD)));

/** Runs `work`; every line that it logs, asynchronously too, carries the request's id. */
export function withRequestId<T>(id: string, work: () => T): T {
  return requestIds.run(id, work);
}

/** The fields of an error that are safe to log. Others may hold what a user has typed. */
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

/** The text with `…` in place of quoted paths. */
function withoutPaths(text: string): string {
  return text.replace(/(["'])\/[^"']*\1/g, '$1…$1');
}
