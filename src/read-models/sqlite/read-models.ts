import { START } from '../../event-store/event.js';
import { arrayQuery, type Query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { earliestOf } from '../projecting/earliest.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import { assertPage, type Checkpoint, type Listed, type ReadModelSnapshot, ReadModels } from '../read-models.js';
import { decodeCursor, encodeCursor } from '../serving/cursor.js';
import { lookupTableOf } from './lookup-table.js';
import { columnOf, documentOf, isMade, isMadeFor, openReadModelsFile, tableOf } from './tables.js';

interface Statements {
  readonly get: Query<readonly [document: string | null]>;
  readonly all: Query<readonly [key: string, document: string]>;
}

/** The read models in one SQLite file beside the log, as pages read them; the projector writes them from elsewhere. */
export class SqliteReadModels extends ReadModels {
  private readonly db: SqliteFile;
  private readonly checkpoints: Query<readonly [name: string, position: string, eventId: string | null]>;
  private readonly quarantined: Query<readonly [key: string]>;
  private readonly quarantinedKey: Query<readonly [number]>;
  private readonly statements = new Map<ReadModel<unknown>, Statements>();

  /** Opens the file, or makes it: a page may come before the first projector. */
  constructor(file: string) {
    super();
    this.db = openReadModelsFile(file);
    this.checkpoints = arrayQuery(this.db, 'SELECT read_model, position, event_id FROM checkpoints');
    this.quarantined = arrayQuery(this.db, 'SELECT key FROM quarantine WHERE read_model = ?');
    this.quarantinedKey = arrayQuery(this.db, 'SELECT 1 FROM quarantine WHERE read_model = ? AND key = ?');
  }

  override async get<Document>(projection: ReadModel<Document>, key: string): Promise<Document> {
    const row = this.of(projection)?.get.get(key);
    return row?.[0] ? documentOf(this.db, projection, key, row[0]) : projection.empty;
  }

  override async list<Document>(
    projection: ReadModel<Document>,
    index: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Listed<Document>[]> {
    assertPage(projection, 'indexes', index, limit);
    if (!this.of(projection)) return [];
    const column = columnOf(index);
    const beyond = after === undefined ? '' : `AND (${column}, key) > (?, ?)`;
    const page = arrayQuery<readonly [value: string, key: string, document: string]>(
      this.db,
      `SELECT ${column}, key, document FROM ${tableOf(projection)} WHERE ${column} IS NOT NULL ${beyond} ORDER BY ${column}, key LIMIT ?`,
    );
    const rows = page.all(...(after === undefined ? [] : decodeCursor(after)), limit);
    return rows.map(([value, key, document]) => ({
      key,
      cursor: encodeCursor([value, key]),
      document: documentOf<Document>(this.db, projection, key, document),
    }));
  }

  override async lookUp<Document>(
    projection: ReadModel<Document>,
    lookup: string,
    value: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Listed<Document>[]> {
    assertPage(projection, 'lookups', lookup, limit);
    if (!this.of(projection)) return [];
    const beyond = after === undefined ? '' : 'AND key > ?';
    const page = arrayQuery<readonly [key: string, document: string]>(
      this.db,
      `SELECT key, document FROM ${lookupTableOf(projection, lookup)} JOIN ${tableOf(projection)} USING (key) WHERE value = ? ${beyond} ORDER BY key LIMIT ?`,
    );
    const rows = page.all(value, ...(after === undefined ? [] : [decodeCursor(after)[1]]), limit);
    return rows.map(([key, document]) => ({
      key,
      cursor: encodeCursor([value, key]),
      document: documentOf<Document>(this.db, projection, key, document),
    }));
  }

  override async all<Document>(projection: ReadModel<Document>): Promise<ReadModelSnapshot<Document>> {
    const statements = this.of(projection);
    this.db.exec('BEGIN'); // one snapshot for all three
    try {
      const rows = statements?.all.all() ?? [];
      const quarantined = this.quarantined.all(nameOf(projection));
      return {
        position: this.checkpointsByName().get(nameOf(projection))?.position ?? START,
        documents: new Map(rows.map(([key, document]) => [key, documentOf<Document>(this.db, projection, key, document)])),
        quarantined: new Set(quarantined.map(([key]) => key)),
      };
    } finally {
      this.db.exec('COMMIT');
    }
  }

  override async isQuarantined(readModel: ReadModel<unknown>, key: string): Promise<boolean> {
    return this.quarantinedKey.get(nameOf(readModel), key) !== undefined;
  }

  override async checkpoint(projections: readonly Projection[]): Promise<Checkpoint> {
    const checkpoints = this.checkpointsByName();
    return earliestOf(projections.map((projection) => checkpoints.get(nameOf(projection)) ?? { position: START }));
  }

  override async withoutPlace<P extends ReadModel<unknown>>(projections: readonly P[]): Promise<readonly P[]> {
    return projections.filter((projection) => !isMadeFor(this.db, projection));
  }

  override async close(): Promise<void> {
    this.db.close();
  }

  private checkpointsByName(): ReadonlyMap<string, Checkpoint> {
    const rows = this.checkpoints.all();
    return new Map(rows.map(([name, position, eventId]) => [name, { position, ...(eventId !== null && { eventId }) }]));
  }

  /** Undefined where there is no table: reading makes none, since one that was lost is not an empty one. */
  private of(projection: ReadModel<unknown>): Statements | undefined {
    let statements = this.statements.get(projection);
    if (!statements) {
      if (!isMade(this.db, projection)) return undefined;
      const table = tableOf(projection);
      statements = {
        get: arrayQuery(this.db, `SELECT document FROM ${table} WHERE key = ?`),
        all: arrayQuery(this.db, `SELECT key, document FROM ${table} WHERE document IS NOT NULL`),
      };
      this.statements.set(projection, statements);
    }
    return statements;
  }
}
