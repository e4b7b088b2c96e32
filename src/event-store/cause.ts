import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from './event.js';

/** Who and why, for the metadata of everything recorded under it. */
export type Cause = Omit<Metadata, 'command'>;

/** Whether anything caused by one request was handed to the log: what became of it is known only once the log has answered. */
export interface Sending {
  begun: boolean;
}

const causes = new AsyncLocalStorage<{ readonly cause: Cause; readonly sending: Sending }>();

/** Runs `work` so that all it records is recorded as caused by `cause`. */
export function causedBy<T>(cause: Cause, work: () => T): T {
  return causes.run({ cause, sending: causes.getStore()?.sending ?? { begun: false } }, work);
}

export function currentCause(): Cause {
  return current().cause;
}

/** To be marked as soon as anything is handed to the log under the current cause, or one within it. */
export function currentSending(): Sending {
  return current().sending;
}

/** That for certain nothing was recorded of what was asked: nothing was handed to the log. False outside causedBy(). */
export function nothingWasSent(): boolean {
  return causes.getStore()?.sending.begun === false;
}

function current() {
  const store = causes.getStore();
  if (!store) throw new Error('a command was executed outside causedBy(): its events would not say who did it');
  return store;
}
