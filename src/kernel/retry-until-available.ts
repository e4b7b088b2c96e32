import { setTimeout as pause } from 'node:timers/promises';
import { log } from './log.js';
import { StoreUnavailable } from './store-unavailable.js';

const LONGEST_DELAY = 15_000;

/** Tries again as long as nobody answers, later each time: servers may start after this process. Each reason is said once. */
export async function retryUntilAvailable<T>(server: string, open: () => Promise<T>): Promise<T> {
  let reason: string | undefined;
  for (let delay = 1_000; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (error.message !== reason) log.error({ reason: error.message }, `${server} cannot be used yet; it is tried again until it can`);
      reason = error.message;
      await pause(delay);
    }
  }
}
