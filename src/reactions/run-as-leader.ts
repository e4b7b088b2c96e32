import { abortableDelay } from '../kernel/abortable-delay.js';
import { Backoff } from '../kernel/backoff.js';
import { log } from '../kernel/log.js';
import { whileLeaseHeld } from '../read-models/projecting/while-lease-held.js';
import { type Lease, LeaseLost } from '../read-models/read-models.js';
import type { ReactionProgress, ReactionState } from './progress.js';
import type { ReactionStore } from './reaction-store.js';

export interface LeaderSettings {
  /** Unique for each process and each of its restarts. */
  readonly holder: string;
  readonly report?: (progress: ReactionProgress) => void;
  /** Milliseconds; far less than LEASE_TIMEOUT. */
  readonly heartbeatInterval?: number;
  readonly wait?: typeof abortableDelay;
}

const HEARTBEAT_INTERVAL = 2_000;

/**
 * Leader election by a lease: runs `work` while this process holds the lease, until the signal. Errors end the work, which is then
 * retried with backoff. Always releases the lease at the end.
 * @param name of the lease
 * @param report receives the state
 * @param work must end at its signal, after finishing its current step
 */
export async function runAsLeader(
  store: ReactionStore,
  name: string,
  { holder, heartbeatInterval = HEARTBEAT_INTERVAL, wait = abortableDelay }: LeaderSettings,
  signal: AbortSignal,
  report: (state: ReactionState) => void,
  work: (lease: Lease, signal: AbortSignal, end: () => void) => Promise<void>,
): Promise<void> {
  const backoff = new Backoff(heartbeatInterval, wait);
  try {
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        const lease = await store.lease(name, holder);
        if (lease) {
          report('at-work');
          const held = async () => (await store.lease(name, holder))?.fence === lease.fence;
          await whileLeaseHeld(held, heartbeatInterval, signal, (over, end) => work(lease, over, end));
          continue;
        }
        report('waiting');
        await wait(signal, heartbeatInterval);
      } catch (error) {
        if (error instanceof LeaseLost) continue;
        backoff.resetIfRanLong(startedAt);
        log.error({ err: error, name, delay: backoff.delay }, 'a reactor or timer cannot work now and is tried again');
        report('failing');
        await backoff.pause(signal);
      }
    }
  } finally {
    await store.release(name, holder);
  }
}
