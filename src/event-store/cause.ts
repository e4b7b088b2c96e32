import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from './event.js';

/** Who and why, for the metadata of everything recorded under it. */
export type Cause = Omit<Metadata, 'command'>;

const causes = new AsyncLocalStorage<Cause>();

/** Runs `work` so that all it records is recorded as caused by `cause`. */
export function causedBy<T>(cause: Cause, work: () => T): T {
  return causes.run(cause, work);
}

export function currentCause(): Cause {
  const cause = causes.getStore();
  if (!cause) throw new Error('a command was executed outside causedBy(): its events would not say who did it');
  return cause;
}
