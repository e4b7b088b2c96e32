import type { StatementSync } from 'node:sqlite';
import { type Lease, LeaseLost } from '../read-models/read-models.js';
import { SqliteLease } from '../read-models/sqlite/lease.js';
import { openReadModelsFile } from '../read-models/sqlite/tables.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import { ReactionStore } from './reaction-store.js';

/** Leases and states in the read models' file. A power failure may undo the last saves; the reactions since are then repeated. */
export class SqliteReactionStore extends ReactionStore {
  private readonly db: SqliteFile;
  private readonly leases = new Map<string, SqliteLease>();
  private readonly stateOf: StatementSync;
  private readonly first: StatementSync;
  private readonly put: StatementSync;

  /** @param clock a monotonic clock, in milliseconds */
  constructor(
    file: string,
    private readonly clock: () => number = () => performance.now(),
  ) {
    super();
    this.db = openReadModelsFile(file);
    this.db.exec('CREATE TABLE IF NOT EXISTS acting (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID');
    this.stateOf = this.db.prepare('SELECT state FROM acting WHERE name = ?');
    this.first = this.db.prepare('INSERT INTO acting (name, state) VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.put = this.db.prepare('INSERT INTO acting (name, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state');
  }

  override async lease(name: string, holder: string): Promise<Lease | undefined> {
    return this.of(name).take(holder);
  }

  override async release(name: string, holder: string): Promise<void> {
    this.of(name).release(holder);
  }

  override async load(name: string): Promise<unknown> {
    const row = this.stateOf.get(name) as { readonly state: string } | undefined;
    return row && this.db.json(row.state);
  }

  override async initialize(name: string, state: object): Promise<void> {
    this.first.run(name, JSON.stringify(state));
  }

  override async save(name: string, { fence }: Lease, state: object): Promise<void> {
    const text = JSON.stringify(state);
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const newest = this.of(name).fence();
      if (newest !== fence) throw new LeaseLost(`the lease ${fence} of ${name} was taken over by ${newest}`);
      this.put.run(name, text);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  override async close(): Promise<void> {
    this.db.close();
  }

  private of(name: string): SqliteLease {
    let lease = this.leases.get(name);
    if (!lease) {
      lease = new SqliteLease(this.db, name, this.clock);
      this.leases.set(name, lease);
    }
    return lease;
  }
}
