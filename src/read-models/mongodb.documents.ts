import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { StoreUnavailable } from '../event-store/append.js';
import { answerOf, isDuplicateKey } from '../mongodb.js';
import type { DocumentRow } from './mongodb.collections.js';
import type { ProjectedBatch } from './read-models.js';

/** Documents in one bulk. */
const BULK = 2_000;

/** How often a bulk is written before others are too busy on the same documents: nobody else should be at all. */
const ROUNDS = 10;

/** What is stored of the documents of a batch. @throws TypeError when one cannot be JSON */
export function rowsOf({ projection: { indexes = {} }, documents }: ProjectedBatch): readonly DocumentRow[] {
  const listings = Object.entries(indexes);
  return Array.from(documents, ([_id, { position, document }]) => {
    if (document === null) return { _id, position, document };
    const text = JSON.stringify(document);
    if (listings.length === 0) return { _id, position, document: text };
    const by = listings.flatMap(([index, listed]) => {
      const value = listed(document);
      return value === undefined ? [] : [[index, value] as const];
    });
    return { _id, position, document: text, by: Object.fromEntries(by) };
  });
}

/**
 * Writes each document unless the stored one has seen as much or more. Acknowledged when it answers.
 * @param found keys that are thought to be stored
 * @param patience milliseconds for a bulk
 */
export async function putDocuments(
  collection: Collection<DocumentRow>,
  rows: readonly DocumentRow[],
  found: ReadonlySet<string>,
  patience: number,
): Promise<void> {
  for (let from = 0; from < rows.length; from += BULK) await putBulk(collection, rows.slice(from, from + BULK), found, patience);
}

/**
 * A new document is inserted, one that is stored is replaced where it has seen less. When that did not come to one
 * document each, another writer was at them: those that have still seen less, or are still not there, are written again
 * as they are. They need not be folded again: whatever the other wrote, a document at a position is the same fold of the
 * same events, all of which this writer has seen.
 */
async function putBulk(collection: Collection<DocumentRow>, rows: readonly DocumentRow[], found: ReadonlySet<string>, patience: number): Promise<void> {
  let left = rows;
  let isStored = (key: string) => found.has(key);
  for (let round = 0; round < ROUNDS; round++) {
    const operations = left.map((row) => operationOf(row, isStored(row._id)));
    if ((await countWritten(collection, operations, patience)) === left.length) return;
    const stored = await positionsOf(collection, left, patience);
    left = left.filter(({ _id, position }) => !((stored.get(_id) ?? '') >= position));
    if (left.length === 0) return;
    isStored = (key) => stored.has(key);
  }
  throw new StoreUnavailable(`others keep writing ${left.length} documents of ${collection.collectionName}`);
}

function operationOf(row: DocumentRow, isStored: boolean): AnyBulkWriteOperation<DocumentRow> {
  if (!isStored) return { insertOne: { document: row } };
  return { replaceOne: { filter: { _id: row._id, position: { $lt: row.position } }, replacement: row } };
}

/** Less than all of them when some were there already, or have seen as much. */
async function countWritten(collection: Collection<DocumentRow>, operations: readonly AnyBulkWriteOperation<DocumentRow>[], patience: number): Promise<number> {
  try {
    const { insertedCount, matchedCount } = await answerOf(collection.bulkWrite(operations, { ordered: false }), patience);
    return insertedCount + matchedCount;
  } catch (error) {
    if (isDuplicateKey(error)) return 0;
    throw error;
  }
}

async function positionsOf(collection: Collection<DocumentRow>, rows: readonly DocumentRow[], patience: number): Promise<ReadonlyMap<string, string>> {
  const keys = rows.map(({ _id }) => _id);
  const stored = await answerOf(collection.find({ _id: { $in: keys } }, { projection: { position: 1 }, batchSize: keys.length + 1 }).toArray(), patience);
  return new Map(stored.map(({ _id, position }) => [_id, position]));
}
