import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import type { Projection } from '../projection.js';
import type { ExpectedDocument, Repair } from '../read-models.js';
import { documentsOf } from './collections.js';
import { BULK_TIMEOUT, storableRow } from './documents.js';
import { type DocumentRow, storedIn } from './rows.js';

/** Writes documents anew, each only while its whole row is as it was when compared; returns what was written, by key. */
export async function replaceDocuments(
  database: Mongodb,
  projection: Projection,
  keys: readonly string[],
  repair: Repair,
): Promise<ReadonlyMap<string, ExpectedDocument>> {
  const documents = documentsOf(database, projection);
  // keeps the subtype of binary data, because the whole row is the filter of the write
  const reading = documents.find({ _id: { $in: [...keys] } }, { promoteBuffers: false, batchSize: keys.length + 1 });
  const rows = await database.withTimeout(reading.toArray(), BULK_TIMEOUT);
  const found = new Map(rows.map((row) => [row._id, row]));
  const written = new Map<string, ExpectedDocument>();
  for (const key of keys) {
    const row = found.get(key);
    const is = repair(key, row && storedIn(projection, row));
    if (is === undefined) continue;
    const next = is.stored && storableRow(projection, key, is.stored);
    if (await replaceRow(database, projection, row, next)) written.set(key, is);
  }
  return written;
}

/** @returns false when it was not as it was read */
async function replaceRow(database: Mongodb, projection: Projection, row: DocumentRow | undefined, next: DocumentRow | undefined): Promise<boolean> {
  const documents = documentsOf(database, projection);
  if (row) {
    if (!next) return (await database.withTimeout(documents.deleteOne(row))).deletedCount > 0;
    return (await database.withTimeout(documents.replaceOne(row, next))).matchedCount > 0;
  }
  if (!next) return true;
  try {
    await database.withTimeout(documents.insertOne(next));
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
