import type { Lease } from '../read-models/read-models.js';

/** Whose turn it is to act, and how far it has come; by the name of what acts. */
export abstract class ActingStore {
  /**
   * Takes the lease, or keeps it: each call of its holder is a beat. Undefined while another holds it; a challenger that
   * has seen no beat for LEASE_TIMEOUT of its own monotonic clock takes over.
   */
  abstract lease(name: string, holder: string): Promise<Lease | undefined>;

  /** Gives the lease up, so that the next need not wait; nothing happens when another holds it. */
  abstract release(name: string, holder: string): Promise<void>;

  /** What was saved last; undefined when nothing ever was. */
  abstract load(name: string): Promise<unknown>;

  /** Saves what there is to begin with, where nothing was saved yet: needs no lease. */
  abstract begin(name: string, state: object): Promise<void>;

  /** Saves in place of what was saved before; JSON. @throws LeaseLost when the fence is not the newest */
  abstract save(name: string, lease: Lease, state: object): Promise<void>;

  abstract close(): Promise<void>;
}
