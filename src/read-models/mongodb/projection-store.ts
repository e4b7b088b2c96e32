import type { Collection } from 'mongodb';
import { type Position, START } from '../../event-store/event.js';
import { Mongodb } from '../../mongodb/mongodb.js';
import { nameOf, type Projection } from '../projection.js';
import {
  type Checkpoint,
  type Lease,
  LeaseLost,
  type LeaseState,
  type ProjectedBatch,
  ProjectionStore,
  type Quarantined,
  type Repair,
  type Stored,
} from '../read-models.js';
import { BULK_TIMEOUT, documentsOf, makeIndexes, PROJECTOR, type ProjectorRow, projectorIn } from './collections.js';
import { countDocuments, keptCount } from './document-counts.js';
import { Documents, rowsOf } from './documents.js';
import { MongodbLease } from './lease.js';
import { keepQuarantined, quarantineIn, releaseQuarantined } from './quarantine.js';
import { replaceDocuments } from './replace-documents.js';
import { storedOf } from './row-bytes.js';
import { rowOf } from './rows.js';

/**
 * The read models in MongoDB, as the projector writes them. Documents are written first, each guarded by the position that it has
 * seen; then all checkpoints, in one write that only the lease's holder can make. A projector that dies in between, or goes on after
 * another has taken over, therefore leaves only documents that are ahead of their checkpoint. The number of a build's documents is kept
 * with its checkpoint, in the same write. Whether a document that is ahead of it was counted is not known, so whoever finds one counts
 * all.
 */
export class MongodbProjectionStore extends ProjectionStore {
  private readonly database: Mongodb;
  private readonly right: MongodbLease;
  /** Keys that the last load found, by projection: these are replaced, others inserted. A wrong guess costs a second attempt. */
  private readonly found = new Map<Projection, ReadonlySet<string>>();
  /** By build, the checkpoint that this projector knows. */
  private readonly known = new Map<string, Position>();
  /** Builds in which an unfinished write was found: their documents are counted with the next one. */
  private readonly unfinished = new Set<string>();

  /** @param clock a monotonic clock, in milliseconds */
  constructor(url: string, clock: () => number = () => performance.now()) {
    super();
    this.database = Mongodb.open(url);
    this.right = new MongodbLease(this.database, PROJECTOR, clock);
  }

  override async prepare(projections: readonly Projection[]): Promise<void> {
    this.known.clear(); // a build may have been dropped and be made anew under its name
    for (const projection of projections) await makeIndexes(this.database, projection);
    await this.database.withTimeout(quarantineIn(this.database).createIndex({ readModel: 1 }));
  }

  override async lease(holder: string): Promise<Lease | undefined> {
    return this.right.take(holder);
  }

  override async release(holder: string): Promise<void> {
    await this.right.release(holder);
  }

  override async checkpoints(projections: readonly Projection[]): Promise<readonly Checkpoint[]> {
    const { checkpoints } = (await this.held()) ?? {};
    return projections.map((projection) => {
      const checkpoint = checkpoints?.[nameOf(projection)] ?? { position: START };
      this.known.set(nameOf(projection), checkpoint.position);
      this.unfinished.delete(nameOf(projection));
      return checkpoint;
    });
  }

  override assertStorable(projection: Projection, document: unknown): void {
    rowOf(projection, '', { position: START, document });
  }

  override async load(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const stored = documentsOf(this.database, projection).find({ _id: { $in: keys } }, { projection: { by: 0 }, batchSize: keys.length + 1 });
    const rows = await this.database.withTimeout(stored.toArray(), BULK_TIMEOUT);
    this.found.set(projection, new Set(rows.map(({ _id }) => _id)));
    this.noteUnfinished(projection, rows);
    return new Map(rows.map((row) => [row._id, storedOf(projection, row)]));
  }

  override async quarantined(projection: Projection): Promise<ReadonlyMap<string, Quarantined>> {
    const rows = await this.database.withTimeout(
      quarantineIn(this.database)
        .find({ readModel: nameOf(projection) })
        .toArray(),
    );
    this.noteUnfinished(projection, rows);
    return new Map(rows.map(({ key, position, error }) => [key, { key, position, error }]));
  }

  private noteUnfinished(projection: Projection, rows: readonly { readonly position: Position }[]): void {
    const checkpoint = this.known.get(nameOf(projection)) ?? START;
    if (rows.some(({ position }) => position > checkpoint)) this.unfinished.add(nameOf(projection));
  }

  override async write({ fence }: Lease, batches: readonly ProjectedBatch[]): Promise<void> {
    const written = batches.map((batch) => ({ ...batch, rows: rowsOf(batch) })); // a document that cannot be stored throws here, before anything is written
    const held = await this.held();
    if (held?.fence !== fence) throw lost(fence);
    for (const { projection } of batches) this.assertNotSetBack(nameOf(projection), held.checkpoints ?? {});
    await Promise.all(written.map(({ projection, rows }) => new Documents(this.database, projection).put(rows, this.found.get(projection) ?? new Set())));
    await keepQuarantined(this.database, batches);
    const checkpoints = batches.map(({ projection, checkpoint }) => [`checkpoints.${nameOf(projection)}`, checkpoint]);
    const counts = await Promise.all(batches.map((batch) => this.countAfter(batch, held)));
    const added = counts.flatMap(({ added }) => Object.entries(added ?? {}));
    const moved = {
      $set: Object.fromEntries([...checkpoints, ...counts.flatMap(({ set }) => Object.entries(set))]),
      ...(added.length > 0 && { $inc: Object.fromEntries(added) }),
    };
    const { matchedCount } = await this.database.withTimeout(this.projector.updateOne({ _id: PROJECTOR, fence }, moved));
    if (matchedCount === 0) throw lost(fence);
    for (const { projection, checkpoint } of batches) {
      this.known.set(nameOf(projection), checkpoint.position);
      this.unfinished.delete(nameOf(projection));
      this.found.delete(projection);
    }
  }

  /**
   * What is kept of the number of a build's documents once those of a batch are written. New ones are added, since the number may be
   * taken anew meanwhile.
   */
  private async countAfter({ projection, documents, checkpoint: { position } }: ProjectedBatch, held: ProjectorRow): Promise<CountUpdate> {
    const name = nameOf(projection);
    const found = documents.size === 0 ? new Set() : this.found.get(projection);
    if (found === undefined || this.unfinished.has(name) || keptCount(held, name) === undefined) {
      return { set: { [`counts.${name}`]: { documents: await countDocuments(this.database, projection), position } } };
    }
    const added = [...documents.keys()].filter((key) => !found.has(key)).length;
    return { set: { [`counts.${name}.position`]: position }, added: { [`counts.${name}.documents`]: added } };
  }

  /** What was folded since would be missing between the two. @throws LeaseLost: whoever projects reads anew how far it is */
  private assertNotSetBack(name: string, checkpoints: Readonly<Record<string, Checkpoint>>): void {
    const [known, stored] = [this.known.get(name), checkpoints[name]?.position ?? START];
    if (known === undefined || stored >= known) return;
    this.known.clear();
    throw new LeaseLost(`the checkpoint of ${name} is not ${known} any more, but ${stored}`);
  }

  override async handOver(lease: Lease, to: string): Promise<void> {
    if (!(await this.right.handOver(lease, to))) throw lost(lease.fence);
  }

  override async leaseState(): Promise<LeaseState | undefined> {
    return this.right.state();
  }

  override async repair({ fence }: Lease, projection: Projection, keys: readonly string[], repair: Repair): Promise<readonly string[]> {
    if ((await this.held())?.fence !== fence) throw lost(fence);
    const written = await replaceDocuments(this.database, projection, keys, repair);
    await releaseQuarantined(this.database, projection, [...written.keys()]);
    const quarantined = Array.from(written, ([key, { fault }]) => (fault ? [{ key, ...fault }] : [])).flat();
    await keepQuarantined(this.database, [{ projection, quarantined }]);
    return [...written.keys()];
  }

  override async isAsLeft(projections: readonly Projection[]): Promise<boolean> {
    const [made, held] = [new Set(await this.database.collectionNames()), await this.held()];
    return projections.every((projection) => {
      const name = nameOf(projection);
      return made.has(name) && (held?.checkpoints?.[name]?.position ?? START) >= (this.known.get(name) ?? START);
    });
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  private get projector(): Collection<ProjectorRow> {
    return projectorIn(this.database);
  }

  private held(): Promise<ProjectorRow | null> {
    return this.database.withTimeout(this.projector.findOne({ _id: PROJECTOR }));
  }
}

/** Fields of the projector's row. */
interface CountUpdate {
  readonly set: Readonly<Record<string, unknown>>;
  readonly added?: Readonly<Record<string, number>>;
}

function lost(fence: number): LeaseLost {
  return new LeaseLost(`the lease ${fence} to project was taken over`);
}
