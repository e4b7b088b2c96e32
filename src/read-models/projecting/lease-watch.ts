import { LEASE_PATIENCE } from '../read-models.js';

/** A lease as it is stored: who holds it, and a number that each sign of life raises. */
export interface Held {
  readonly holder: string | null;
  readonly beat: number;
}

/** What a challenger has seen of a lease, by its own monotonic clock: other machines' clocks say nothing. */
export class LeaseWatch {
  private seen: { readonly held: Held; readonly since: number } | undefined;

  /** @param clock in milliseconds */
  constructor(private readonly clock: () => number) {}

  /** Whether no beat was seen for LEASE_PATIENCE; asked again and again as long as the lease is another's. */
  hasFallenSilent({ holder, beat }: Held): boolean {
    const now = this.clock();
    const { held, since } = this.seen ?? {};
    if (since !== undefined && held?.holder === holder && held.beat === beat) return now - since >= LEASE_PATIENCE;
    this.seen = { held: { holder, beat }, since: now };
    return false;
  }
}
