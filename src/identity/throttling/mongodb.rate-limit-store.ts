import type { Collection } from 'mongodb';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isDuplicateKey, Mongodb } from '../../mongodb/mongodb.js';
import { RateLimitStore } from './rate-limit-store.js';
import { changesFor, type RateLimitAnswer, type RateLimitRequest } from './rate-limits.js';
import type { EntryChange, EntryChanges } from './store-changes.js';

interface Row {
  readonly _id: string;
  readonly state: string;
  /** Counts the changes, for optimistic locking. */
  readonly change: number;
  readonly until: number;
}

interface OwnerRow {
  readonly _id: 'owner';
  readonly installation: string;
}

const COLLECTION = 'login_tallies';
/** Tries of one change while other processes change the same entry. */
const MAX_TRIES = 20;
/** Milliseconds between two sweeps. */
const SWEPT_EVERY = 60_000;

/** Rate limits in MongoDB, for web processes on several machines. */
export class MongodbRateLimitStore extends RateLimitStore {
  private sweptAt = 0;

  private constructor(private readonly database: Mongodb) {
    super();
  }

  static async open(url: string): Promise<MongodbRateLimitStore> {
    const database = Mongodb.open(url);
    try {
      const store = new MongodbRateLimitStore(database);
      await database.withTimeout(store.rows.createIndex({ until: 1 }));
      return store;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  override run(request: RateLimitRequest): Promise<RateLimitAnswer> {
    return this.change(changesFor(request), request.now);
  }

  /** Removes all entries of another installation. */
  async belongTo(installation: string): Promise<void> {
    const before = await this.database.withTimeout(this.owners.findOneAndUpdate({ _id: 'owner' }, { $set: { installation } }, { upsert: true }));
    if (!before || before.installation === installation) return;
    await this.database.withTimeout(this.rows.deleteMany({}));
    log.warn('login rate limits were of another installation and are counted anew');
  }

  /** Makes one change after another, each isolated from other changes of the same entry. */
  async change<Answer>(steps: EntryChanges<Answer>, now: number): Promise<Answer> {
    await this.sweep(now);
    let next = steps.next();
    while (!next.done) next = steps.next(await this.changeOne(next.value, now));
    return next.value;
  }

  private async changeOne({ key, decide }: EntryChange, now: number): Promise<unknown> {
    for (let round = 0; round < MAX_TRIES; round++) {
      const row = await this.database.withTimeout(this.rows.findOne({ _id: key }));
      const { after, answer } = decide(row && row.until > now ? JSON.parse(row.state) : undefined);
      if (after === 'as it was') return answer;
      const next = after === 'nothing' ? undefined : { _id: key, state: JSON.stringify(after.state), change: (row?.change ?? 0) + 1, until: after.until };
      if (await this.written(row, next)) return answer;
    }
    throw new StoreUnavailable('登录次数变化太快，来不及记录');
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  /** Whether the entry was unchanged and was written. */
  private async written(before: Row | null, after: Row | undefined): Promise<boolean> {
    if (!before) return after === undefined || this.inserted(after);
    const seen = { _id: before._id, change: before.change };
    if (!after) return (await this.database.withTimeout(this.rows.deleteOne(seen))).deletedCount > 0;
    return (await this.database.withTimeout(this.rows.replaceOne(seen, after))).matchedCount > 0;
  }

  private async inserted(row: Row): Promise<boolean> {
    try {
      await this.database.withTimeout(this.rows.insertOne(row));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async sweep(now: number): Promise<void> {
    if (Math.abs(now - this.sweptAt) < SWEPT_EVERY) return;
    this.sweptAt = now;
    await this.database.withTimeout(this.rows.deleteMany({ until: { $lte: now } }));
  }

  private get owners(): Collection<OwnerRow> {
    return this.database.collection(`${COLLECTION}_owner`);
  }

  private get rows(): Collection<Row> {
    return this.database.collection(COLLECTION);
  }
}
