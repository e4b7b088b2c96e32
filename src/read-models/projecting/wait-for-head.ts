import type { Position } from '../../event-store/event.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import type { Projection } from '../projection.js';
import { LEASE_TIMEOUT, type ProjectionStore } from '../read-models.js';

/** How long read models are waited for, in milliseconds. */
export interface WaitingTimes {
  /** Between two looks. */
  readonly look: number;
  /** Without anybody who holds the lease. */
  readonly idle: number;
  /** Without progress while somebody does. */
  readonly stuck: number;
}

const WAITING_TIMES: WaitingTimes = { look: 250, idle: 2_000, stuck: 15_000 };

/** `reached`: all have seen the log up to that position; `idle`: no process projects; `stuck`: one does, without progress. */
export type Waited = 'reached' | 'idle' | 'stuck';

/** Waits until builds have seen the log up to a position, as long as they make progress. @throws the signal's reason */
export async function waitForHead(
  projections: readonly Projection[],
  head: Position,
  store: Pick<ProjectionStore, 'checkpoints' | 'leaseState'>,
  { signal = new AbortController().signal, waitingTimes = WAITING_TIMES }: { readonly signal?: AbortSignal; readonly waitingTimes?: WaitingTimes } = {},
): Promise<Waited> {
  let [seen, beat] = ['', ''];
  let [movedAt, beatAt] = [performance.now(), performance.now()];
  let isHeld = true;
  for (;;) {
    signal.throwIfAborted();
    const positions = (await store.checkpoints(projections)).map(({ position }) => position);
    if (positions.every((position) => position >= head)) return 'reached';
    const now = performance.now();
    if (positions.join() !== seen) [seen, movedAt] = [positions.join(), now];
    const lease = await store.leaseState();
    const beats = `${lease?.holder} ${lease?.beat}`;
    if (beats !== beat) [beat, beatAt, isHeld] = [beats, now, lease?.holder != null];
    if (now - beatAt >= (isHeld ? LEASE_TIMEOUT : waitingTimes.idle)) return 'idle';
    if (now - movedAt >= waitingTimes.stuck) return 'stuck';
    await abortableDelay(signal, waitingTimes.look);
  }
}
