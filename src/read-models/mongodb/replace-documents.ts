import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import type { Projection } from '../projection.js';
import type { ExpectedDocument, Repair } from '../read-models.js';
import { BULK_TIMEOUT, documentsOf } from './collections.js';
import { storableRow } from './documents.js';
import { AS_BYTES, bytesOf, rowIn, storedIn, typed } from './row-bytes.js';
import type { DocumentRow } from './rows.js';

/** Writes documents anew, each only while its whole row is as it was when compared; returns what was written, by key. */
export async function replaceDocuments(
  database: Mongodb,
  projection: Projection,
  keys: readonly string[],
  repair: Repair,
): Promise<ReadonlyMap<string, ExpectedDocument>> {
  const documents = documentsOf(database, projection);
  const reading = documents.find({ _id: { $in: [...keys] } }, { ...AS_BYTES, batchSize: keys.length + 1 }).map((row: unknown) => bytesOf(row));
  const rows = await database.withTimeout(reading.toArray(), BULK_TIMEOUT);
  const found = new Map(rows.map((bytes) => [rowIn(bytes)._id, bytes]));
  const written = new Map<string, ExpectedDocument>();
  for (const key of keys) {
    const bytes = found.get(key);
    const is = repair(key, bytes && storedIn(projection, bytes));
    if (is === undefined) continue;
    const next = is.stored && storableRow(projection, key, is.stored);
    if (await replaceRow(database, projection, bytes && typed(bytes), next)) written.set(key, is);
  }
  return written;
}

/** @returns false when it was not as it was read */
async function replaceRow(database: Mongodb, projection: Projection, row: DocumentRow | undefined, next: DocumentRow | undefined): Promise<boolean> {
  const documents = documentsOf(database, projection);
  if (row) {
    if (!next) return (await database.withTimeout(documents.deleteOne(row))).deletedCount > 0;
    const { matchedCount, modifiedCount } = await database.withTimeout(documents.replaceOne(row, next));
    if (matchedCount > 0 && modifiedCount === 0) await replaceEqual(database, projection, next);
    return matchedCount > 0;
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

/** A server that takes 1 and 1.0 for the same (FerretDB) keeps what it has: it is given something else in between. */
async function replaceEqual(database: Mongodb, projection: Projection, next: DocumentRow): Promise<void> {
  const documents = documentsOf(database, projection);
  const { _id, position } = next;
  await database.withTimeout(documents.updateOne({ _id, position }, { $set: { rewritten: true } }));
  await database.withTimeout(documents.replaceOne({ _id, position, rewritten: true }, next));
}
