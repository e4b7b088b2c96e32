import type { Collection } from 'mongodb';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isDuplicateKey, Mongodb } from '../../mongodb/mongodb.js';
import { stepsOf, type TallyRequest, type Verdict } from './attempt-tallies.js';
import { Tallies } from './tallies.js';
import type { Step, Steps } from './tally-steps.js';

interface Row {
  readonly _id: string;
  readonly state: string;
  /** Counts the changes: who has seen another one decides again. */
  readonly change: number;
  readonly until: number;
}

interface OwnerRow {
  readonly _id: 'owner';
  readonly installation: string;
}

const COLLECTION = 'login_tallies';
/** How often others may be faster. */
const ROUNDS = 20;
/** Milliseconds between two sweeps. */
const SWEPT_EVERY = 60_000;

/** Tallies in MongoDB, for web processes on several machines. */
export class MongodbTallies extends Tallies {
  private sweptAt = 0;

  private constructor(private readonly database: Mongodb) {
    super();
  }

  static async open(url: string): Promise<MongodbTallies> {
    const database = Mongodb.open(url);
    try {
      const tallies = new MongodbTallies(database);
      await database.withTimeout(tallies.rows.createIndex({ until: 1 }));
      return tallies;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  override run(request: TallyRequest): Promise<Verdict> {
    return this.change(stepsOf(request), request.now);
  }

  /** Removes all tallies of another installation. */
  async belongTo(installation: string): Promise<void> {
    const before = await this.database.withTimeout(this.owners.findOneAndUpdate({ _id: 'owner' }, { $set: { installation } }, { upsert: true }));
    if (!before || before.installation === installation) return;
    await this.database.withTimeout(this.rows.deleteMany({}));
    log.warn('login tallies were of another installation and are counted anew');
  }

  /** One change after the other, each as if nobody else changed that tally at the same time. */
  async change<Answer>(steps: Steps<Answer>, now: number): Promise<Answer> {
    await this.sweep(now);
    let next = steps.next();
    while (!next.done) next = steps.next(await this.changeOne(next.value, now));
    return next.value;
  }

  private async changeOne({ key, decide }: Step, now: number): Promise<unknown> {
    for (let round = 0; round < ROUNDS; round++) {
      const row = await this.database.withTimeout(this.rows.findOne({ _id: key }));
      const { after, answer } = decide(row && row.until > now ? JSON.parse(row.state) : undefined);
      if (after === 'as it was') return answer;
      const next = after === 'nothing' ? undefined : { _id: key, state: JSON.stringify(after.state), change: (row?.change ?? 0) + 1, until: after.until };
      if (await this.written(row, next)) return answer;
    }
    throw new StoreUnavailable('a tally of logins changes faster than it can be written');
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  /** Whether it was still as it was read. */
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
