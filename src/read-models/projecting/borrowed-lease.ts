import { v4 as uuid } from 'uuid';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import type { BuildStore } from '../build-store.js';
import { type Lease, LeaseLost, type ProjectionStore } from '../read-models.js';
import { withoutPendingRequest, withRequest } from '../registry.js';
import { whileLeaseHeld } from './while-lease-held.js';

/** Milliseconds to wait for the lease: longer than an abandoned lease takes to expire, and a batch in progress to end. */
const TIMEOUT = 60_000;
const LOOK = 100;
const HEARTBEAT = 1_000;

/**
 * Works under the projector's lease. A running projector is asked to hand it over: it completes its batch, and takes the lease
 * again once it is released.
 * @throws StoreUnavailable when the lease does not come, LeaseLost, and the signal's reason
 */
export async function underBorrowedLease<T>(
  { store, builds }: { readonly store: ProjectionStore; readonly builds: BuildStore },
  signal: AbortSignal,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const holder = uuid();
  const id = uuid();
  try {
    const lease = await borrowed(holder, id, store, builds, signal);
    let done: { readonly value: T } | undefined;
    const held = async () => (await store.lease(holder))?.fence === lease.fence;
    await whileLeaseHeld(held, HEARTBEAT, signal, async () => {
      done = { value: await work(lease) };
    });
    if (!done) throw new LeaseLost('the lease to project was lost');
    return done.value;
  } finally {
    await builds.change((registry) => withoutPendingRequest(registry, id));
    await store.release(holder);
  }
}

async function borrowed(holder: string, id: string, store: ProjectionStore, builds: BuildStore, signal: AbortSignal): Promise<Lease> {
  const free = await store.lease(holder);
  if (free) return free;
  await builds.change((registry) => withRequest(registry, id, { kind: 'lend', to: holder }, new Date(Date.now() + TIMEOUT)));
  for (const until = performance.now() + TIMEOUT; performance.now() < until; await abortableDelay(signal, LOOK)) {
    signal.throwIfAborted();
    const lease = await store.lease(holder);
    if (lease) return lease;
  }
  throw new StoreUnavailable('处理事件的进程没有让出写入权，请稍后再试');
}
