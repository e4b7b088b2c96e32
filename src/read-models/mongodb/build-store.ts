import { START } from '../../event-store/event.js';
import { isDuplicateKey, isMissingCollection, Mongodb } from '../../mongodb/mongodb.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { BuildStore, type Inspection, type Pair, placeIn } from '../build-store.js';
import type { FieldTypes } from '../field-types.js';
import { nameOf, type Projection } from '../projection.js';
import type { Checkpoint, Quarantined, Stored, StoredDocument } from '../read-models.js';
import { EMPTY_REGISTRY, partsOfName, type Registry } from '../registry.js';
import { wholeRegistry } from '../registry-shape.js';
import { documentOf, fieldsOf } from './bson.js';
import { BULK_TIMEOUT, documentsOf, indexesOf, makeIndexes, PROJECTOR, projectorIn, wrongIndexes } from './collections.js';
import { countDocuments, countsIn, isUncounted, projectorRow, recount } from './document-counts.js';
import { Documents, rowsOf } from './documents.js';
import { keepQuarantined, quarantineId, quarantineIn } from './quarantine.js';
import { registryOfText, registryText } from './registry-text.js';
import { AS_BYTES, bytesOf, storedIn } from './row-bytes.js';
import { type DocumentRow, documentIn, existing, rowOf } from './rows.js';

/** Keys that are compared at a time. */
const PAGE = 2_000;
const ONLY = 'registry';

interface RegistryRow {
  readonly _id: typeof ONLY;
  readonly revision: number;
  /** For processes of the previous release (registry-text.ts). */
  readonly registry?: string;
  /** As fields, for people; missing where a process of the previous release wrote last. */
  readonly builds?: readonly unknown[];
  readonly [field: string]: unknown;
}

/** The types of the registry's fields. */
const REGISTRY_TYPES: FieldTypes = {
  instants: ['builds.*.begun', 'builds.*.left', 'requests.*.until'],
  maps: { serving: { keys: ['readModel'], value: 'build' }, before: { keys: ['readModel'], value: 'build' } },
};

/** Builds in MongoDB: a collection for each, one document for the registry. */
export class MongodbBuildStore extends BuildStore {
  private readonly database: Mongodb;

  constructor(url: string) {
    super();
    this.database = Mongodb.open(url);
  }

  override async registry(): Promise<Registry> {
    const row = await this.database.withTimeout(this.registries.findOne({ _id: ONLY }));
    return row ? registryIn(row) : EMPTY_REGISTRY;
  }

  override async replace(registry: Registry): Promise<boolean> {
    const row: RegistryRow = { _id: ONLY, revision: registry.revision, ...fieldsOf(REGISTRY_TYPES, registry), registry: registryText(registry) };
    try {
      if (row.revision === 1) await this.database.withTimeout(this.registries.insertOne(row));
      else return (await this.database.withTimeout(this.registries.replaceOne({ _id: ONLY, revision: row.revision - 1 }, row))).matchedCount > 0;
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  override async storedBuilds(): Promise<readonly string[]> {
    const collections = await this.database.collectionNames();
    const row = await this.database.withTimeout(projectorIn(this.database).findOne({ _id: PROJECTOR }, { projection: { checkpoints: 1 } }));
    return [...new Set([...collections, ...Object.keys(row?.checkpoints ?? {})])].flatMap((name) => partsOfName(name)?.name ?? []);
  }

  override async prepare(projection: Projection): Promise<void> {
    await makeIndexes(this.database, projection);
  }

  override assertStorable(projection: Projection, document: unknown): void {
    rowOf(projection, '', { position: START, document });
  }

  override async fill(projection: Projection, documents: ReadonlyMap<string, Stored>, quarantined: readonly Quarantined[]): Promise<void> {
    const rows = rowsOf({ projection, documents });
    await new Documents(this.database, projection).put(rows, new Set());
    await keepQuarantined(this.database, [{ projection, quarantined }]);
  }

  override async complete(projection: Projection, checkpoint: Checkpoint): Promise<void> {
    await this.makeProjectorRow();
    const count = { documents: await countDocuments(this.database, projection), position: checkpoint.position };
    const completed = { $set: { [`checkpoints.${nameOf(projection)}`]: checkpoint, [`counts.${nameOf(projection)}`]: count } };
    await this.database.withTimeout(projectorIn(this.database).updateOne({ _id: PROJECTOR }, completed));
  }

  override async scan(projection: Projection, after: string | undefined, limit: number): Promise<readonly StoredDocument[]> {
    const found = this.after(projection, after, limit, AS_BYTES).map((row: unknown) => storedIn(projection, bytesOf(row)));
    return this.database.withTimeout(found.toArray(), BULK_TIMEOUT);
  }

  override async find(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    const found = documentsOf(this.database, projection)
      .find({ _id: { $in: [...keys] } }, { ...AS_BYTES, batchSize: keys.length + 1 })
      .map((row: unknown) => storedIn(projection, bytesOf(row)));
    const stored = await this.database.withTimeout(found.toArray(), BULK_TIMEOUT);
    return new Map(stored.map((each) => [each.key, each]));
  }

  override async *keys(projection: Projection): AsyncGenerator<readonly string[]> {
    for (let after = ''; ; ) {
      const found = documentsOf(this.database, projection).find({ _id: { $gt: after } }, { projection: { _id: 1 }, batchSize: PAGE + 1 });
      const rows = await this.database.withTimeout(found.sort({ _id: 1 }).limit(PAGE).toArray(), BULK_TIMEOUT);
      yield rows.map(({ _id }) => _id);
      if (rows.length < PAGE) return;
      after = rows.at(-1)?._id ?? '';
    }
  }

  override async unequal(one: Projection, other: Projection, after: string | undefined) {
    const [ones, others] = await Promise.all([this.rowsAfter(one, after, PAGE), this.rowsAfter(other, after, PAGE)]);
    // a full page may be followed by keys that were not read
    const ends = [ones, others].flatMap((rows) => (rows.length < PAGE ? [] : [(rows.at(-1) as DocumentRow)._id]));
    const next = ends.sort(inOrder)[0];
    const within = (projection: Projection, rows: readonly DocumentRow[]) =>
      new Map(rows.filter(({ _id }) => next === undefined || inOrder(_id, next) <= 0).map((row) => [row._id, existingIn(projection, row)]));
    const [left, right] = [within(one, ones), within(other, others)];
    const pairs: Pair[] = [];
    let looked = 0;
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      const [mine, theirs] = [left.get(key), right.get(key)];
      if (!mine && !theirs) continue;
      looked++;
      if (JSON.stringify(mine?.document) !== JSON.stringify(theirs?.document)) pairs.push({ key, one: mine, other: theirs });
    }
    return { pairs, looked, next };
  }

  override async count(projection: Projection): Promise<number> {
    return this.database.withTimeout(documentsOf(this.database, projection).countDocuments(existing(projection)), BULK_TIMEOUT);
  }

  override async inspect(projection: Projection): Promise<Inspection> {
    const made = await indexesOf(this.database, projection);
    const { missing, others, foreign } = wrongIndexes(projection, made ?? []);
    const counts = await countsIn(this.database, projection);
    const place = made === undefined ? 'missing' : foreign.length > 0 ? 'other' : 'whole';
    return { place, missingIndexes: missing, otherIndexes: others, ...counts };
  }

  override async someKeys(projection: Projection, limit: number): Promise<readonly string[]> {
    const documents = documentsOf(this.database, projection);
    const from = placeIn(await this.database.withTimeout(documents.estimatedDocumentCount(), BULK_TIMEOUT), limit);
    const found = documents
      .find({}, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .skip(from)
      .limit(limit);
    return (await this.database.withTimeout(found.toArray(), BULK_TIMEOUT)).map(({ _id }) => _id);
  }

  override async recount(projection: Projection): Promise<void> {
    await recount(this.database, projection);
  }

  override async countUncounted(projections: readonly Projection[]): Promise<void> {
    const row = await projectorRow(this.database);
    for (const projection of projections) if (isUncounted(row, nameOf(projection))) await this.recount(projection);
  }

  override async release(projection: Projection, key: string): Promise<void> {
    await this.database.withTimeout(quarantineIn(this.database).deleteOne({ _id: quarantineId(projection, key) }));
  }

  override async drop(projection: Projection): Promise<void> {
    try {
      await this.database.withTimeout(documentsOf(this.database, projection).drop(), BULK_TIMEOUT);
    } catch (error) {
      if (!isMissingCollection(error)) throw error;
    }
    const forgotten = { $unset: { [`checkpoints.${nameOf(projection)}`]: '' as const, [`counts.${nameOf(projection)}`]: '' as const } };
    await this.database.withTimeout(projectorIn(this.database).updateOne({ _id: PROJECTOR }, forgotten));
    await this.database.withTimeout(quarantineIn(this.database).deleteMany({ readModel: nameOf(projection) }));
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  /** Checkpoints are stored in the lease's row, which does not exist before the first lease. */
  private async makeProjectorRow(): Promise<void> {
    try {
      await this.database.withTimeout(projectorIn(this.database).insertOne({ _id: PROJECTOR, holder: null, beat: 0, fence: 0, checkpoints: {} }));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  private rowsAfter(projection: Projection, after: string | undefined, limit: number): Promise<readonly DocumentRow[]> {
    return this.database.withTimeout(this.after(projection, after, limit).toArray(), BULK_TIMEOUT);
  }

  private after(projection: Projection, after: string | undefined, limit: number, options?: typeof AS_BYTES) {
    const found = documentsOf(this.database, projection).find(after === undefined ? {} : { _id: { $gt: after } }, { ...options, batchSize: limit + 1 });
    return found.sort({ _id: 1 }).limit(limit);
  }

  private get registries() {
    return this.database.collection<RegistryRow>('registry');
  }
}

/** The order of MongoDB without a collation: by bytes. */
function inOrder(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The document of a row; undefined where it was removed. */
function existingIn(projection: Projection, row: DocumentRow): Stored | undefined {
  const document = documentIn(projection, row);
  return document === null ? undefined : { position: row.position, document };
}

/** Reads the fields, or the text where a process of the previous release wrote last and left no fields. @throws DamagedFile */
function registryIn(row: RegistryRow): Registry {
  const damaged = (lacks: string) => new DamagedFile(`MongoDB 的集合 registry 已损坏（${lacks}）：请停止所有进程，删除其中的这一条后再启动，读模型重新登记`);
  return wholeRegistry(decodedRegistry(row, damaged), damaged);
}

/** The revision is the field by which changes are guarded, also where the text has another. */
function decodedRegistry({ _id, registry: text, ...fields }: RegistryRow, damaged: (lacks: string) => Error): unknown {
  try {
    if (text !== undefined && fields.builds === undefined) return { ...registryOfText(text), revision: fields.revision };
    if ([fields.serving, fields.before].some(namesTwice)) throw damaged('中同一个读模型写了两次');
    return documentOf(REGISTRY_TYPES, fields);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) throw damaged('无法读取');
    throw error;
  }
}

/** Whether one read model has two entries of a map. */
function namesTwice(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  const names = entries.map((entry: Readonly<Record<string, unknown>> | null) => entry?.readModel);
  return new Set(names).size < names.length;
}
