import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import type { Projection } from '../projection.js';
import type { Mended, Mending, StoredDocument } from '../read-models.js';
import { type DocumentRow, documentsOf } from './collections.js';
import { BULK_TIMEOUT, rowsOf } from './documents.js';

/** Writes documents anew, each only while all of it is as it was compared; answers by key what was written. */
export async function mendDocuments(database: Mongodb, projection: Projection, keys: readonly string[], mended: Mending): Promise<ReadonlyMap<string, Mended>> {
  const documents = documentsOf(database, projection);
  const rows = await database.withTimeout(documents.find({ _id: { $in: [...keys] } }, { batchSize: keys.length + 1 }).toArray(), BULK_TIMEOUT);
  const found = new Map(rows.map((row) => [row._id, row]));
  const written = new Map<string, Mended>();
  for (const key of keys) {
    const row = found.get(key);
    const is = mended(key, row && storedIn(projection, row));
    if (is === undefined) continue;
    const [next] = is.stored ? rowsOf({ projection, documents: new Map([[key, is.stored]]) }) : [];
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

/** What a row holds. */
export function storedIn({ indexes }: Projection, { _id: key, position, document, by }: DocumentRow): StoredDocument {
  const stored = { key, position, document: document === null ? null : JSON.parse(document) };
  if (!indexes) return stored;
  return { ...stored, listed: Object.fromEntries(Object.keys(indexes).map((index) => [index, by?.[index] ?? null])) };
}
