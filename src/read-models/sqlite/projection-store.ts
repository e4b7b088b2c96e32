import type { StatementSync } from 'node:sqlite';
import { START } from '../../event-store/event.js';
import { type Query, query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { nameOf, type Projection } from '../projection.js';
import { type Checkpoint, type Lease, LeaseLost, type ProjectedBatch, ProjectionStore, type Quarantined, type Stored } from '../read-models.js';
import { SqliteLease } from './lease.js';
import { type Documents, documentsOf, openReadModels, storedOf } from './tables.js';

/** The read models in one SQLite file beside the log, as the projector writes them. */
export class SqliteProjectionStore extends ProjectionStore {
  private readonly db: SqliteFile;
  private readonly documents = new Map<Projection, Documents>();
  private readonly checkpointOf: Query<{ readonly position: string; readonly eventId: string | null }>;
  private readonly setCheckpoint: StatementSync;
  private readonly quarantine: StatementSync;
  private readonly quarantinedOf: Query<Quarantined>;
  private readonly held: SqliteLease;

  /** @param clock a monotonic clock, in milliseconds */
  constructor(file: string, clock: () => number = () => performance.now()) {
    super();
    this.db = openReadModels(file);
    this.db.exec('PRAGMA wal_autocheckpoint = 4000'); // a batch is a few MB: fewer, larger runs of the checkpoint
    this.checkpointOf = query(this.db, 'SELECT position, event_id AS eventId FROM checkpoints WHERE read_model = ?');
    this.setCheckpoint = this.db.prepare(
      'INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, event_id = excluded.event_id',
    );
    this.quarantine = this.db.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.quarantinedOf = query(this.db, 'SELECT key, position, error FROM quarantine WHERE read_model = ?');
    this.held = new SqliteLease(this.db, 'projector', clock);
  }

  override async prepare(projections: readonly Projection[]): Promise<void> {
    this.documents.clear(); // a build may have been dropped and be made anew under its name
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
      if (!row) return { position: START };
      return row.eventId === null ? { position: row.position } : { position: row.position, eventId: row.eventId };
    });
  }

  override async load(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const { load } = this.of(projection);
    const stored = new Map<string, Stored>();
    this.db.exec('BEGIN'); // one for all: each by itself would lock and look at the WAL anew
    try {
      for (const key of keys) {
        const row = load.get(key);
        if (row) stored.set(key, storedOf(this.db, row));
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

  override async write({ fence }: Lease, batches: readonly ProjectedBatch[]): Promise<void> {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const newest = this.held.fence();
      if (newest !== fence) throw new LeaseLost(`the lease ${fence} to project was taken over by ${newest}`);
      for (const batch of batches) this.put(batch);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private put({ projection, documents, quarantined, checkpoint }: ProjectedBatch): void {
    const { put } = this.of(projection);
    for (const [key, stored] of documents) put(key, stored);
    const name = nameOf(projection);
    for (const { key, position, error } of quarantined) this.quarantine.run(name, key, position, error);
    this.setCheckpoint.run(name, checkpoint.position, checkpoint.eventId ?? null);
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
