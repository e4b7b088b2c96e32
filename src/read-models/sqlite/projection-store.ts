import type { StatementSync } from 'node:sqlite';
import { type Position, START } from '../../event-store/event.js';
import { type Query, query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
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
import { DocumentCounts, putAll } from './document-counts.js';
import { SqliteLease } from './lease.js';
import { type Documents, documentsOf, isMade, openReadModelsFile, storedOf, textOf } from './tables.js';

/** The read models in one SQLite file beside the log, as the projector writes them. */
export class SqliteProjectionStore extends ProjectionStore {
  private readonly db: SqliteFile;
  private readonly documents = new Map<Projection, Documents>();
  private readonly checkpointOf: Query<{ readonly position: string; readonly eventId: string | null }>;
  private readonly setCheckpoint: StatementSync;
  private readonly quarantine: StatementSync;
  private readonly quarantinedOf: Query<Quarantined>;
  private readonly held: SqliteLease;
  private readonly counts: DocumentCounts;
  /** By build, whether the documents that were loaded last were there: they are written next. */
  private readonly loaded = new Map<string, ReadonlyMap<string, boolean>>();
  /** By build, the checkpoint that this projector knows. */
  private readonly known = new Map<string, Position>();

  /** @param clock a monotonic clock, in milliseconds */
  constructor(file: string, clock: () => number = () => performance.now()) {
    super();
    this.db = openReadModelsFile(file);
    this.db.exec('PRAGMA wal_autocheckpoint = 4000'); // a batch is a few MB: fewer, larger runs of the checkpoint
    this.checkpointOf = query(this.db, 'SELECT position, event_id AS eventId FROM checkpoints WHERE read_model = ?');
    this.setCheckpoint = this.db.prepare(
      'INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, event_id = excluded.event_id',
    );
    this.quarantine = this.db.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.quarantinedOf = query(this.db, 'SELECT key, position, error FROM quarantine WHERE read_model = ?');
    this.counts = new DocumentCounts(this.db);
    this.held = new SqliteLease(this.db, 'projector', clock);
  }

  override async prepare(projections: readonly Projection[]): Promise<void> {
    this.documents.clear(); // a build may have been dropped and be made anew under its name
    this.known.clear();
    for (const projection of projections) this.of(projection);
  }

  override async lease(holder: string): Promise<Lease | undefined> {
    return this.held.take(holder);
  }

  override async release(holder: string): Promise<void> {
    this.held.release(holder);
  }

  override async checkpoints(projections: readonly Projection[]): Promise<readonly Checkpoint[]> {
    return projections.map((projection) => {
      const row = this.checkpointOf.get(nameOf(projection));
      this.known.set(nameOf(projection), row?.position ?? START);
      if (!row) return { position: START };
      return row.eventId === null ? { position: row.position } : { position: row.position, eventId: row.eventId };
    });
  }

  override assertStorable(_projection: Projection, document: unknown): void {
    textOf(document);
  }

  override async load(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const stored = new Map<string, Stored>();
    if (!this.documents.has(projection) && !isMade(this.db, projection)) return stored; // a command looks: it makes no table
    const { load } = this.of(projection);
    const loaded = new Map<string, boolean>();
    this.loaded.set(nameOf(projection), loaded);
    this.db.exec('BEGIN'); // one for all: each by itself would lock and look at the WAL anew
    try {
      for (const key of keys) {
        const row = load.get(key);
        loaded.set(key, row !== undefined);
        if (row) stored.set(key, storedOf(this.db, projection, key, row));
      }
    } finally {
      this.db.exec('COMMIT');
    }
    return stored;
  }

  override async quarantined(projection: Projection): Promise<ReadonlyMap<string, Quarantined>> {
    const rows = this.quarantinedOf.all(nameOf(projection));
    return new Map(rows.map(({ key, position, error }) => [key, { key, position, error }]));
  }

  override async write(lease: Lease, batches: readonly ProjectedBatch[]): Promise<void> {
    this.underLease(lease, () => {
      for (const batch of batches) this.put(batch);
    });
  }

  /** In one transaction. @throws LeaseLost */
  private underLease({ fence }: Lease, work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const newest = this.held.fence();
      if (newest !== fence) throw lost(fence, newest);
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.known.clear();
      throw error;
    }
  }

  override async handOver(lease: Lease, to: string): Promise<void> {
    if (!this.held.handOver(lease, to)) throw lost(lease.fence, this.held.fence());
  }

  override async leaseState(): Promise<LeaseState | undefined> {
    return this.held.state();
  }

  override async repair(lease: Lease, projection: Projection, keys: readonly string[], repair: Repair): Promise<readonly string[]> {
    const written: string[] = [];
    this.underLease(lease, () => {
      const { find, replace, remove } = this.of(projection);
      for (const key of keys) {
        const is = repair(key, find(key)); // nobody else writes between this look and the end of the transaction
        if (is === undefined) continue;
        if (is.stored) replace(key, is.stored);
        else remove(key);
        this.db.prepare('DELETE FROM quarantine WHERE read_model = ? AND key = ?').run(nameOf(projection), key);
        if (is.fault) this.quarantine.run(nameOf(projection), key, is.fault.position, is.fault.error);
        written.push(key);
      }
    });
    return written;
  }

  private put({ projection, documents, quarantined, checkpoint }: ProjectedBatch): void {
    const name = nameOf(projection);
    const [known, stored] = [this.known.get(name), this.checkpointOf.get(name)?.position ?? START];
    if (known !== undefined && stored < known) throw new LeaseLost(`the checkpoint of ${name} is not ${known} any more, but ${stored}`);
    const loaded = this.loaded.get(name);
    this.counts.add(
      name,
      putAll(this.of(projection), documents, (key) => loaded?.get(key)),
    );
    this.loaded.delete(name);
    this.counts.move(projection, checkpoint.position);
    for (const { key, position, error } of quarantined) this.quarantine.run(name, key, position, error);
    this.setCheckpoint.run(name, checkpoint.position, checkpoint.eventId ?? null);
    this.known.set(name, checkpoint.position);
  }

  override async isAsLeft(projections: readonly Projection[]): Promise<boolean> {
    return projections.every((projection) => {
      const name = nameOf(projection);
      return isMade(this.db, projection) && (this.checkpointOf.get(name)?.position ?? START) >= (this.known.get(name) ?? START);
    });
  }

  override async close(): Promise<void> {
    this.db.close();
  }

  private of(projection: Projection): Documents {
    let documents = this.documents.get(projection);
    if (!documents) {
      documents = documentsOf(this.db, projection);
      this.documents.set(projection, documents);
    }
    return documents;
  }
}

function lost(fence: number, newest: number | undefined): LeaseLost {
  return new LeaseLost(`the lease ${fence} to project was taken over by ${newest}`);
}
