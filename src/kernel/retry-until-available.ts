import pRetry from 'p-retry';
import { log } from './log.js';
import { StoreUnavailable } from './store-unavailable.js';

const LONGEST_DELAY = 15_000;

/** Retries with growing delays while `open` throws StoreUnavailable, since servers may start after this process. Logs each reason once. */
export async function retryUntilAvailable<T>(server: string, open: () => Promise<T>): Promise<T> {
  let reason: string | undefined;
  return pRetry(open, {
    retries: Infinity,
    maxTimeout: LONGEST_DELAY,
    shouldRetry: ({ error }) => error instanceof StoreUnavailable,
    onFailedAttempt: ({ error }) => {
      if (!(error instanceof StoreUnavailable) || error.message === reason) return;
      reason = error.message;
      log.error({ reason }, `${server} cannot be used yet; it is tried again until it can`);
    },
  });
}
