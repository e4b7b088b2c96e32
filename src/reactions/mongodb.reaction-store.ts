import type { Collection } from 'mongodb';
import { isDuplicateKey, Mongodb } from '../mongodb/mongodb.js';
import { LEASES, type LeaseRow, MongodbLease } from '../read-models/mongodb/lease.js';
import { type Lease, LeaseLost } from '../read-models/read-models.js';
import { ReactionStore } from './reaction-store.js';

/** A lease and the state that only its holder may write, in one document, so that a takeover and a write exclude each other. */
interface ReactionRow extends LeaseRow {
  /** JSON as text, as documents of read models are (ADR 9). */
  readonly state?: string;
}

/** Leases and states in MongoDB, in the collection of the projector's lease. */
export class MongodbReactionStore extends ReactionStore {
  private readonly database: Mongodb;
  private readonly leases = new Map<string, MongodbLease>();

  /** @param clock a monotonic clock, in milliseconds */
  constructor(
    url: string,
    private readonly clock: () => number = () => performance.now(),
  ) {
    super();
    this.database = Mongodb.open(url);
  }

  override lease(name: string, holder: string): Promise<Lease | undefined> {
    return this.of(name).take(holder);
  }

  override release(name: string, holder: string): Promise<void> {
    return this.of(name).release(holder);
  }

  override async load(name: string): Promise<unknown> {
    const row = await this.database.withTimeout(this.rows.findOne({ _id: name }));
    return row?.state === undefined ? undefined : JSON.parse(row.state);
  }

  override async initialize(name: string, state: object): Promise<void> {
    try {
      await this.database.withTimeout(this.rows.insertOne({ _id: name, holder: null, beat: 0, fence: 0, state: JSON.stringify(state) }));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.database.withTimeout(this.rows.updateOne({ _id: name, state: { $exists: false } }, { $set: { state: JSON.stringify(state) } }));
    }
  }

  override async save(name: string, { fence }: Lease, state: object): Promise<void> {
    const { matchedCount } = await this.database.withTimeout(this.rows.updateOne({ _id: name, fence }, { $set: { state: JSON.stringify(state) } }));
    if (matchedCount === 0) throw new LeaseLost(`the lease ${fence} of ${name} was taken over`);
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  private get rows(): Collection<ReactionRow> {
    return this.database.collection(LEASES);
  }

  private of(name: string): MongodbLease {
    let lease = this.leases.get(name);
    if (!lease) {
      lease = new MongodbLease(this.database, name, this.clock);
      this.leases.set(name, lease);
    }
    return lease;
  }
}
