import type { Collection } from 'mongodb';
import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import { LeaseWatch } from '../projecting/lease-watch.js';
import type { Lease, LeaseState } from '../read-models.js';

/** The row of a lease; it can also hold what only the lease's holder may write, so that both change together. */
export interface LeaseRow extends LeaseState {
  /** Its name. */
  readonly _id: string;
  readonly fence: number;
}

export const LEASES = 'leases';

/** A lease by its name in MongoDB, as one process sees it. */
export class MongodbLease {
  private readonly watch: LeaseWatch;

  /** @param clock a monotonic clock, in milliseconds */
  constructor(
    private readonly database: Mongodb,
    private readonly name: string,
    clock: () => number,
  ) {
    this.watch = new LeaseWatch(clock);
  }

  /** Acquires or renews it; undefined while another holds it. */
  async take(holder: string): Promise<Lease | undefined> {
    const kept = await this.database.withTimeout(this.leases.findOneAndUpdate({ _id: this.name, holder }, { $inc: { beat: 1 } }));
    if (kept) return { fence: kept.fence };
    const held = await this.database.withTimeout(this.leases.findOne({ _id: this.name }));
    if (!held) return this.first(holder);
    if (held.holder !== null && !this.watch.hasExpired(held)) return undefined;
    return this.takeOver(holder, held);
  }

  async release(holder: string): Promise<void> {
    await this.database.withTimeout(this.leases.updateOne({ _id: this.name, holder }, { $set: { holder: null } }));
  }

  /** Gives it to another; false when it is not held under this fence any more. */
  async handOver({ fence }: Lease, to: string): Promise<boolean> {
    const given = await this.database.withTimeout(this.leases.updateOne({ _id: this.name, fence }, { $set: { holder: to }, $inc: { beat: 1, fence: 1 } }));
    return given.matchedCount > 0;
  }

  /** Who holds it. */
  async state(): Promise<LeaseState | undefined> {
    const held = await this.database.withTimeout(this.leases.findOne({ _id: this.name }));
    return held ? { holder: held.holder, beat: held.beat } : undefined;
  }

  private async first(holder: string): Promise<Lease | undefined> {
    try {
      await this.database.withTimeout(this.leases.insertOne({ _id: this.name, holder, beat: 1, fence: 1 }));
      return { fence: 1 };
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** Only while it is as it was read: one of several challengers gets it, and none does after another heartbeat. */
  private async takeOver(next: string, { holder, beat }: LeaseState): Promise<Lease | undefined> {
    const before = await this.database.withTimeout(
      this.leases.findOneAndUpdate({ _id: this.name, holder, beat }, { $set: { holder: next }, $inc: { beat: 1, fence: 1 } }),
    );
    return before ? { fence: before.fence + 1 } : undefined;
  }

  private get leases(): Collection<LeaseRow> {
    return this.database.collection(LEASES);
  }
}
