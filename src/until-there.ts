import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from './event-store/append.js';
import { log } from './log.js';

const LONGEST_DELAY = 15_000;

/** Tries again as long as nobody answers, later each time: servers may start after this process. */
export async function untilThere<T>(server: string, open: () => Promise<T>): Promise<T> {
  for (let delay = 1_000; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error, delay }, `${server} does not answer yet; it is tried again`);
      await pause(delay);
    }
  }
}
