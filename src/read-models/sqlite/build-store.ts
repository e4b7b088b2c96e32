import type { StatementSync } from 'node:sqlite';
import { arrayQuery, query } from '../../sqlite/query.js';
import { REBUILD } from '../../sqlite/remedies.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { BuildStore, type Inspection, type Pair, placeIn } from '../build-store.js';
import { nameOf, type Projection } from '../projection.js';
import type { Checkpoint, Quarantined, Stored, StoredDocument } from '../read-models.js';
import { EMPTY_REGISTRY, partsOfName, type Registry } from '../registry.js';
import { wholeRegistry } from '../registry-shape.js';
import { DocumentCounts, putAll } from './document-counts.js';
import { buildOfTable, lookupTableOf } from './lookup-table.js';
import {
  type Documents,
  documentOf,
  documentsOf,
  dropTables,
  isMade,
  isMadeFor,
  openReadModelsFile,
  type StoredRow,
  storedColumns,
  storedDocumentsOf,
  tableOf,
  textOf,
  wrongIndexesOf,
} from './tables.js';

/** The size of the file's pages, as a multiple of their documents. */
const PAGE_OVERHEAD = 1.3;
/** Keys that are compared at a time. */
const PAGE = 2_000;

interface RegistryRow {
  readonly revision: number;
  readonly document: string;
}

/** Builds in the SQLite file of the read models. */
export class SqliteBuildStore extends BuildStore {
  private readonly db: SqliteFile;
  private readonly documents = new Map<string, Documents>();
  private readonly stored: StatementSync;
  private readonly counts: DocumentCounts;
  /** As it was last read: every request asks. */
  private last: (RegistryRow & { readonly registry: Registry }) | undefined;

  constructor(override readonly file: string) {
    super();
    this.db = openReadModelsFile(file);
    this.counts = new DocumentCounts(this.db);
    this.stored = this.db.prepare('SELECT revision, document FROM registry');
  }

  override async registry(): Promise<Registry> {
    const row = this.stored.get() as RegistryRow | undefined;
    if (!row) return EMPTY_REGISTRY;
    if (this.last?.document !== row.document || this.last.revision !== row.revision) this.last = { ...row, registry: this.registryOf(row) };
    return this.last.registry;
  }

  /** The revision is the column's, by which changes are guarded. @throws DamagedFile */
  private registryOf({ revision, document }: RegistryRow): Registry {
    const stored = parsed(document);
    const isObject = typeof stored === 'object' && stored !== null;
    return wholeRegistry(
      isObject ? { ...stored, revision } : stored,
      (lacks) => new DamagedFile(`${this.file} 已损坏（读模型的登记表 registry ${stored === undefined ? '不是 JSON' : lacks}）：${REBUILD}`),
    );
  }

  override async replace(registry: Registry): Promise<boolean> {
    const { changes } = this.db
      .prepare(
        registry.revision === 1
          ? 'INSERT INTO registry VALUES (1, ?, ?) ON CONFLICT DO NOTHING'
          : 'UPDATE registry SET revision = ?1, document = ?2 WHERE revision = ?1 - 1',
      )
      .run(registry.revision, JSON.stringify(registry));
    return changes > 0;
  }

  override async storedBuilds(): Promise<readonly string[]> {
    const names = query<{ readonly name: string }>(
      this.db,
      `SELECT name FROM sqlite_schema WHERE type = 'table' UNION SELECT read_model FROM checkpoints UNION SELECT read_model FROM quarantine`,
    ).all();
    return [...new Set(names.flatMap(({ name }) => partsOfName(buildOfTable(name))?.name ?? []))];
  }

  override async prepare(projection: Projection): Promise<void> {
    this.documents.delete(nameOf(projection)); // another may have dropped what this one knows
    this.of(projection);
  }

  override assertStorable(_projection: Projection, document: unknown): void {
    textOf(document);
  }

  override async fill(projection: Projection, documents: ReadonlyMap<string, Stored>, quarantined: readonly Quarantined[]): Promise<void> {
    const table = this.of(projection);
    const quarantine = this.db.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.transaction(() => {
      // a rebuild that is not complete yet is counted once it is
      const isCounted = this.counts.isKept(nameOf(projection));
      const added = putAll(table, documents, isCounted ? () => undefined : () => true);
      if (isCounted) this.counts.add(nameOf(projection), added);
      for (const { key, position, error } of quarantined) quarantine.run(nameOf(projection), key, position, error);
    });
  }

  override async complete(projection: Projection, { position, eventId }: Checkpoint): Promise<void> {
    this.transaction(() => {
      this.counts.move(projection, position);
      this.db
        .prepare('INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, event_id = excluded.event_id')
        .run(nameOf(projection), position, eventId ?? null);
    });
  }

  override async scan(projection: Projection, after: string | undefined, limit: number): Promise<readonly StoredDocument[]> {
    if (!isMade(this.db, projection)) return [];
    const beyond = after === undefined ? '' : 'WHERE key > ?';
    const page = arrayQuery<StoredRow>(this.db, `SELECT ${storedColumns(projection)} FROM ${tableOf(projection)} ${beyond} ORDER BY key LIMIT ?`);
    return page.all(...(after === undefined ? [] : [after]), limit).map(storedDocumentsOf(this.db, projection));
  }

  override async find(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    if (!isMade(this.db, projection)) return new Map();
    const { find } = this.of(projection);
    const found = keys.flatMap((key) => find(key) ?? []);
    return new Map(found.map((stored) => [stored.key, stored]));
  }

  override async *keys(projection: Projection): AsyncGenerator<readonly string[]> {
    const page = arrayQuery<readonly [string]>(this.db, `SELECT key FROM ${this.madeOf(projection)} WHERE key > ? ORDER BY key LIMIT ${PAGE}`);
    for (let after = ''; ; ) {
      const keys = page.all(after).map(([key]) => key);
      yield keys;
      if (keys.length < PAGE) return;
      after = keys.at(-1) ?? '';
    }
  }

  override async someKeys(projection: Projection, limit: number): Promise<readonly string[]> {
    if (!isMade(this.db, projection)) return [];
    const from = placeIn(this.counts.stored(projection), limit);
    const rows = arrayQuery<readonly [string]>(this.db, `SELECT key FROM ${tableOf(projection)} ORDER BY key LIMIT ? OFFSET ?`);
    return rows.all(limit, from).map(([key]) => key);
  }

  override async unreadable(projection: Projection): Promise<readonly string[]> {
    if (!isMade(this.db, projection)) return [];
    const rows = arrayQuery<readonly [string]>(this.db, `SELECT key FROM ${tableOf(projection)} WHERE document IS NOT NULL AND NOT json_valid(document)`);
    return rows.all().map(([key]) => key);
  }

  override async unequal(one: Projection, other: Projection, after: string | undefined) {
    const [ones, others] = [this.madeOf(one), this.madeOf(other)];
    const beyond = after === undefined ? '' : 'WHERE key > ?1';
    const some = (documents: string) => `SELECT * FROM (SELECT key FROM ${documents} ${beyond} ORDER BY key LIMIT ${PAGE})`;
    type Row = readonly [string, string | null, string | null, string | null, string | null, number];
    const compared = arrayQuery<Row>(
      this.db,
      `
      SELECT keys.key, one.position, one.document, other.position, other.document, one.document IS other.document
      FROM (${some(ones)} UNION ${some(others)} ORDER BY key LIMIT ${PAGE}) AS keys
      LEFT JOIN ${ones} AS one ON one.key = keys.key LEFT JOIN ${others} AS other ON other.key = keys.key
      ORDER BY keys.key`,
    );
    let looked = 0;
    let last: string | undefined;
    let seen = 0;
    const pairs: Pair[] = [];
    const rows = compared.iterate(...(after === undefined ? [] : [after]));
    for (const [key, onePosition, oneText, otherPosition, otherText, same] of rows) {
      seen++;
      last = key;
      if (oneText !== null || otherText !== null) looked++;
      if (same === 0) pairs.push({ key, one: this.storedIn(one, key, onePosition, oneText), other: this.storedIn(other, key, otherPosition, otherText) });
    }
    return { pairs, looked, next: seen < PAGE ? undefined : last };
  }

  override async count(projection: Projection): Promise<number> {
    return (this.db.prepare(`SELECT count(document) AS documents FROM ${this.madeOf(projection)}`).get() as { documents: number }).documents;
  }

  override async inspect(projection: Projection): Promise<Inspection> {
    const declared = [...Object.keys(projection.indexes ?? {}), ...Object.keys(projection.lookups ?? {})];
    const place = isMade(this.db, projection) ? (isMadeFor(this.db, projection) ? 'whole' : 'other') : 'missing';
    if (place === 'missing') return { place, missingIndexes: declared, otherIndexes: [], stored: 0 };
    this.db.exec('BEGIN'); // both as they are at one time: the projector may be at work
    const [stored, kept, isUncounted] = [this.counts.stored(projection), this.counts.kept(projection), this.counts.isUncounted(projection)];
    this.db.exec('COMMIT');
    return { place, ...wrongIndexesOf(this.db, projection), stored, ...(kept !== undefined && { kept }), ...(isUncounted && { isUncounted }) };
  }

  /** By the first thousand documents, with what keys and indexes take beside them. */
  override async size(projection: Projection): Promise<number> {
    if (!isMade(this.db, projection)) return 0;
    const some = `SELECT length(document) AS bytes, length(key) AS keys FROM ${tableOf(projection)} LIMIT 1000`;
    const row = query<{ readonly each: number | null }>(this.db, `SELECT avg(coalesce(bytes, 0) + 3 * keys + 40) AS each FROM (${some})`).get();
    return Math.ceil(PAGE_OVERHEAD * (row?.each ?? 0) * this.counts.stored(projection));
  }

  override async orphanedValues(projection: Projection): Promise<number> {
    if (!isMadeFor(this.db, projection)) return 0;
    const counts = orphanedValuesOf(projection).map((orphaned) =>
      query<{ readonly values: number }>(this.db, `SELECT count(*) AS "values" FROM ${orphaned}`).get(),
    );
    return counts.reduce((total, found) => total + (found?.values ?? 0), 0);
  }

  /** In one transaction each: values and their documents are written together. */
  override async removeOrphanedValues(projection: Projection): Promise<void> {
    if (isMadeFor(this.db, projection)) for (const orphaned of orphanedValuesOf(projection)) this.db.exec(`DELETE FROM ${orphaned}`);
  }

  override async recount(projection: Projection): Promise<void> {
    if (isMade(this.db, projection)) this.transaction(() => this.counts.recount(projection));
  }

  override async countUncounted(projections: readonly Projection[]): Promise<void> {
    for (const projection of projections) if (this.counts.isUncounted(projection)) await this.recount(projection);
  }

  override async release(projection: Projection, key: string): Promise<void> {
    this.db.prepare('DELETE FROM quarantine WHERE read_model = ? AND key = ?').run(nameOf(projection), key);
  }

  override async drop(projection: Projection): Promise<void> {
    this.documents.delete(nameOf(projection));
    this.transaction(() => {
      dropTables(this.db, projection);
      this.db.prepare('DELETE FROM checkpoints WHERE read_model = ?').run(nameOf(projection));
      this.counts.drop(nameOf(projection));
      this.db.prepare('DELETE FROM quarantine WHERE read_model = ?').run(nameOf(projection));
    });
  }

  override async close(): Promise<void> {
    this.db.close();
  }

  private transaction(work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.db.exec('COMMIT');
    } finally {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    }
  }

  /** The source of a build's documents; empty where the build does not exist or was dropped meanwhile. */
  private madeOf(projection: Projection): string {
    return isMade(this.db, projection) ? tableOf(projection) : '(SELECT NULL AS key, NULL AS position, NULL AS document WHERE false)';
  }

  /** @throws DamagedFile */
  private storedIn(projection: Projection, key: string, position: string | null, text: string | null): Stored | undefined {
    return position === null || text === null ? undefined : { position, document: documentOf(this.db, projection, key, text) };
  }

  private of(projection: Projection): Documents {
    const name = nameOf(projection);
    let documents = this.documents.get(name);
    if (!documents) {
      documents = documentsOf(this.db, projection);
      this.documents.set(name, documents);
    }
    return documents;
  }
}

/** Undefined where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** By lookup, what follows FROM to find the values of documents that are not stored. */
function orphanedValuesOf(projection: Projection): readonly string[] {
  const documents = tableOf(projection);
  return Object.keys(projection.lookups ?? {}).map((lookup) => {
    const values = lookupTableOf(projection, lookup);
    return `${values} WHERE NOT EXISTS (SELECT 1 FROM ${documents} AS stored WHERE stored.key = ${values}.key)`;
  });
}
