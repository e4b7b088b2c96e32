import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from './event.js';
import { RequestAppends } from './request-appends.js';
import { withoutTimeBudget } from './time-budget.js';

/** Who and why, for the metadata of everything recorded under it. */
export type Cause = Omit<Metadata, 'command'>;

interface Context {
  readonly cause: Cause;
  readonly appends: RequestAppends;
}

const contexts = new AsyncLocalStorage<Context>();

/** Runs `work` so that all it records is recorded as caused by `cause`, and counts as sent by the request that it is part of. */
export function causedBy<T>(cause: Cause, work: () => T): T {
  return contexts.run({ cause, appends: contexts.getStore()?.appends ?? new RequestAppends() }, work);
}

/** The same for what no answer waits for: what becomes of it says nothing of the request in which it was begun. */
export function causedInBackground<T>(cause: Cause, work: () => T): T {
  return contexts.run({ cause, appends: new RequestAppends() }, () => withoutTimeBudget(work));
}

export function currentCause(): Cause {
  return current().cause;
}

/** What the current request hands to the log. */
export function currentAppends(): RequestAppends {
  return current().appends;
}

/** The same; undefined where nothing can be recorded, outside causedBy(). */
export function currentAppendsIfAny(): RequestAppends | undefined {
  return contexts.getStore()?.appends;
}

function current(): Context {
  const context = contexts.getStore();
  if (!context) throw new Error('a command was executed outside causedBy(): its events would not say who did it');
  return context;
}
