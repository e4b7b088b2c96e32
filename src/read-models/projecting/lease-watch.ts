import { LEASE_TIMEOUT, type LeaseState } from '../read-models.js';

/** Watches another's lease for expiry by the challenger's own monotonic clock: machines' clocks may differ. */
export class LeaseWatch {
  private seen: { readonly held: LeaseState; readonly since: number } | undefined;

  /** @param clock in milliseconds */
  constructor(private readonly clock: () => number) {}

  /** Whether no heartbeat was seen for LEASE_TIMEOUT; to be called repeatedly while another holds the lease. */
  hasExpired({ holder, beat }: LeaseState): boolean {
    const now = this.clock();
    const { held, since } = this.seen ?? {};
    if (since !== undefined && held?.holder === holder && held.beat === beat) return now - since >= LEASE_TIMEOUT;
    this.seen = { held: { holder, beat }, since: now };
    return false;
  }
}
