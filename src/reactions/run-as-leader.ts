import { Backoff } from '../kernel/backoff.js';
import { log } from '../kernel/log.js';
import { pauseUnless } from '../kernel/pause.js';
import { whileLeaseHeld } from '../read-models/projecting/while-lease-held.js';
import { type Lease, LeaseLost } from '../read-models/read-models.js';
import type { ActingStore } from './acting-store.js';
import type { ActingProgress, ActingState } from './progress.js';

export interface ActingSettings {
  /** Tells this process from every other, also from an earlier one at its place. */
  readonly holder: string;
  readonly report?: (progress: ActingProgress) => void;
  /** Milliseconds between two signs of life; far less than LEASE_TIMEOUT. */
  readonly beat?: number;
  /** Passes so many milliseconds, or less when the signal comes. */
  readonly wait?: typeof pauseUnless;
}

const BEAT = 2_000;

/**
 * Works for as long as it is this process's turn, until the signal. What a store does not answer ends a turn; another
 * is taken later. Gives the lease up in any case.
 * @param name under which the lease is
 * @param tell is told what becomes of it
 * @param work ends by its signal; what it has in hand it finishes
 */
export async function runAsLeader(
  store: ActingStore,
  name: string,
  { holder, beat = BEAT, wait = pauseUnless }: ActingSettings,
  signal: AbortSignal,
  tell: (state: ActingState) => void,
  work: (lease: Lease, signal: AbortSignal, end: () => void) => Promise<void>,
): Promise<void> {
  const backoff = new Backoff(beat, wait);
  try {
    while (!signal.aborted) {
      const since = performance.now();
      try {
        const lease = await store.lease(name, holder);
        if (lease) {
          tell('at-work');
          const held = async () => (await store.lease(name, holder))?.fence === lease.fence;
          await whileLeaseHeld(held, beat, signal, (over, end) => work(lease, over, end));
          continue;
        }
        tell('waiting');
        await wait(signal, beat);
      } catch (error) {
        if (error instanceof LeaseLost) continue;
        backoff.ranSince(since);
        log.error({ err: error, name, delay: backoff.delay }, 'a reactor or timer cannot work now and is tried again');
        tell('failing');
        await backoff.pause(signal);
      }
    }
  } finally {
    await store.release(name, holder);
  }
}
