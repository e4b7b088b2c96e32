import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from './event.js';
import { RequestAppends } from './request-appends.js';
import { withoutTimeBudget } from './time-budget.js';

/** Who causes events and why: the metadata of all events recorded under it. */
export type Cause = Omit<Metadata, 'command'>;

interface Context {
  readonly cause: Cause;
  readonly appends: RequestAppends;
}

const contexts = new AsyncLocalStorage<Context>();

/** Runs `work`: events that it records carry this cause, and its appends belong to the current request. */
export function causedBy<T>(cause: Cause, work: () => T): T {
  return contexts.run({ cause, appends: contexts.getStore()?.appends ?? new RequestAppends() }, work);
}

/** As `causedBy`, for background work that the current request does not wait for: its appends do not belong to the request. */
export function causedInBackground<T>(cause: Cause, work: () => T): T {
  return contexts.run({ cause, appends: new RequestAppends() }, () => withoutTimeBudget(work));
}

export function currentCause(): Cause {
  return current().cause;
}

/** The appends of the current request. */
export function currentAppends(): RequestAppends {
  return current().appends;
}

/** As `currentAppends`; undefined outside `causedBy`, where nothing can be recorded. */
export function currentAppendsIfAny(): RequestAppends | undefined {
  return contexts.getStore()?.appends;
}

function current(): Context {
  const context = contexts.getStore();
  if (!context) throw new Error('a command was executed outside causedBy(): its events would not say who did it');
  return context;
}
