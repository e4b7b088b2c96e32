import type { Lease } from '../read-models/read-models.js';

/** Leases and checkpoints of reactors and timers, by their names. */
export abstract class ReactionStore {
  /**
   * Acquires or renews the lease: each call of its holder is a heartbeat. Undefined while another holds it; a challenger that has
   * seen no heartbeat for LEASE_TIMEOUT by its own monotonic clock takes over.
   */
  abstract lease(name: string, holder: string): Promise<Lease | undefined>;

  /** Releases the lease, so that the next holder need not wait for its expiry; does nothing when another holds it. */
  abstract release(name: string, holder: string): Promise<void>;

  /** The state saved last; undefined if none was saved. */
  abstract load(name: string): Promise<unknown>;

  /** Saves a first state unless there is one already. Needs no lease. */
  abstract initialize(name: string, state: object): Promise<void>;

  /** Replaces the saved state; JSON. @throws LeaseLost when the fence is not the newest */
  abstract save(name: string, lease: Lease, state: object): Promise<void>;

  abstract close(): Promise<void>;
}
