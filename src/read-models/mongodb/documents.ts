import type { AnyBulkWriteOperation } from 'mongodb';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import { nameOf, type ReadModel } from '../projection.js';
import { type ProjectedBatch, type Stored, UnstorableDocument } from '../read-models.js';
import { BULK_TIMEOUT, documentsOf } from './collections.js';
import { type DocumentRow, rowOf } from './rows.js';

/** Documents in one bulk. */
const BULK = 2_000;

/** Attempts to write a bulk while others write the same documents, which should not happen. */
const ROUNDS = 10;

type Operation = AnyBulkWriteOperation<DocumentRow>;

/** What is stored of the documents of a batch. @throws UnstorableDocument */
export function rowsOf({ projection, documents }: Pick<ProjectedBatch, 'projection' | 'documents'>): readonly DocumentRow[] {
  return Array.from(documents, ([key, stored]) => storableRow(projection, key, stored));
}

/** The row of a document. @throws UnstorableDocument */
export function storableRow(model: ReadModel<unknown>, key: string, stored: Stored): DocumentRow {
  try {
    return rowOf(model, key, stored);
  } catch (error) {
    throw new UnstorableDocument(model, key, error);
  }
}

/** Writes documents of a read model. */
export class Documents {
  constructor(
    private readonly database: Mongodb,
    private readonly model: ReadModel<unknown>,
  ) {}

  /**
   * Writes each document unless the stored one has seen as much or more. Resolves when the writes are acknowledged.
   * @param found keys that are thought to be stored
   */
  async put(rows: readonly DocumentRow[], found: ReadonlySet<string>): Promise<void> {
    for (let from = 0; from < rows.length; from += BULK) await this.putBulk(rows.slice(from, from + BULK), found);
  }

  /**
   * Inserts new documents and replaces stored ones that have seen less. When fewer are written than given, another writer has
   * written some: those that still have seen less, or are still missing, are written again. They need not be folded again: a
   * document at a position is the same fold of the same events, whoever wrote it.
   */
  private async putBulk(rows: readonly DocumentRow[], found: ReadonlySet<string>): Promise<void> {
    let left = rows;
    let isStored = (key: string) => found.has(key);
    for (let round = 0; round < ROUNDS; round++) {
      const written = await this.countWritten(left.map((row) => operationOf(row, isStored(row._id))));
      if (written === left.length) return;
      const stored = await this.positionsOf(left);
      left = left.filter(({ _id, position }) => !((stored.get(_id) ?? '') >= position));
      if (left.length === 0) return;
      isStored = (key) => stored.has(key);
    }
    throw new StoreUnavailable(`别的程序一直在写 ${nameOf(this.model)} 的 ${left.length} 个文档，请稍后再试`);
  }

  /** Fewer than given when some exist already or have seen as much. */
  private async countWritten(operations: readonly Operation[]): Promise<number> {
    try {
      const bulk = documentsOf(this.database, this.model).bulkWrite(operations, { ordered: false });
      const { insertedCount, matchedCount } = await this.database.withTimeout(bulk, BULK_TIMEOUT);
      return insertedCount + matchedCount;
    } catch (error) {
      if (isDuplicateKey(error)) return 0;
      throw error;
    }
  }

  private async positionsOf(rows: readonly DocumentRow[]): Promise<ReadonlyMap<string, string>> {
    const keys = rows.map(({ _id }) => _id);
    const found = documentsOf(this.database, this.model).find({ _id: { $in: keys } }, { projection: { position: 1 }, batchSize: keys.length + 1 });
    const stored = await this.database.withTimeout(found.toArray(), BULK_TIMEOUT);
    return new Map(stored.map(({ _id, position }) => [_id, position]));
  }
}

function operationOf(row: DocumentRow, isStored: boolean): Operation {
  if (!isStored) return { insertOne: { document: row } };
  return { replaceOne: { filter: { _id: row._id, position: { $lt: row.position } }, replacement: row } };
}
