import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { START } from '../event-store/event.js';
import { type Held, LeaseWatch } from './lease-watch.js';
import { nameOf, type Projection } from './projection.js';
import { type Checkpoint, type Lease, LeaseLost, type ProjectedBatch, ProjectionStore, type Quarantined, type Stored } from './read-models.js';
import { type DocumentRow, type Documents, documentsOf, openReadModels, storedOf } from './sqlite.tables.js';

interface LeaseRow extends Held {
  readonly fence: number;
}

/** The read models in one SQLite file beside the log, as the projector writes them. */
export class SqliteProjectionStore extends ProjectionStore {
  private readonly db: DatabaseSync;
  private readonly documents = new Map<Projection, Documents>();
  private readonly checkpointOf: StatementSync;
  private readonly setCheckpoint: StatementSync;
  private readonly quarantine: StatementSync;
  private readonly quarantinedOf: StatementSync;
  private readonly beat: StatementSync;
  private readonly leaseRow: StatementSync;
  private readonly take: StatementSync;
  private readonly giveUp: StatementSync;
  private readonly watch: LeaseWatch;

  /** @param clock a monotonic clock, in milliseconds */
  constructor(file: string, clock: () => number = () => performance.now()) {
    super();
    this.watch = new LeaseWatch(clock);
    this.db = openReadModels(file);
    this.db.exec('PRAGMA wal_autocheckpoint = 4000'); // a batch is a few MB: fewer, larger runs of the checkpoint
    this.checkpointOf = this.db.prepare('SELECT position, event_id AS eventId FROM checkpoints WHERE read_model = ?');
    this.setCheckpoint = this.db.prepare(
      'INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, event_id = excluded.event_id',
    );
    this.quarantine = this.db.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.quarantinedOf = this.db.prepare('SELECT key, position, error FROM quarantine WHERE read_model = ?');
    this.beat = this.db.prepare(`UPDATE leases SET beat = beat + 1 WHERE name = 'projector' AND holder = ? RETURNING fence`);
    this.leaseRow = this.db.prepare(`SELECT holder, beat, fence FROM leases WHERE name = 'projector'`);
    this.take = this.db.prepare(`
      INSERT INTO leases (name, holder, beat, fence) VALUES ('projector', ?1, 1, 1)
      ON CONFLICT DO UPDATE SET holder = ?1, beat = beat + 1, fence = fence + 1 WHERE holder IS ?2 AND beat = ?3
      RETURNING fence
    `);
    this.giveUp = this.db.prepare(`UPDATE leases SET holder = NULL WHERE name = 'projector' AND holder = ?`);
  }

  override async prepare(projections: readonly Projection[]): Promise<void> {
    for (const projection of projections) this.of(projection);
  }

  override async lease(holder: string): Promise<Lease | undefined> {
    const kept = this.beat.get(holder) as Lease | undefined;
    if (kept) return { fence: kept.fence };
    const row = (this.leaseRow.get() as LeaseRow | undefined) ?? { holder: null, beat: 0, fence: 0 };
    if (row.holder !== null && !this.watch.hasFallenSilent(row)) return undefined;
    const taken = this.take.get(holder, row.holder, row.beat) as Lease | undefined;
    return taken && { fence: taken.fence };
  }

  override async release(holder: string): Promise<void> {
    this.giveUp.run(holder);
  }

  override async checkpoints(projections: readonly Projection[]): Promise<readonly Checkpoint[]> {
    return projections.map((projection) => {
      const row = this.checkpointOf.get(nameOf(projection)) as { position: string; eventId: string | null } | undefined;
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
        const row = load.get(key) as unknown as DocumentRow | undefined;
        if (row) stored.set(key, storedOf(row));
      }
    } finally {
      this.db.exec('COMMIT');
    }
    return stored;
  }

  override async quarantined(projection: Projection): Promise<ReadonlyMap<string, Quarantined>> {
    const rows = this.quarantinedOf.all(nameOf(projection)) as unknown as readonly Quarantined[];
    return new Map(rows.map(({ key, position, error }) => [key, { key, position, error }]));
  }

  override async write({ fence }: Lease, batches: readonly ProjectedBatch[]): Promise<void> {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const newest = (this.leaseRow.get() as LeaseRow | undefined)?.fence;
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
    if (this.db.isOpen) this.db.close();
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
