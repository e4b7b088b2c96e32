import { isDeepStrictEqual } from 'node:util';
import { BSON } from 'mongodb';
import { nameOf, type Projection } from '../projection.js';
import { listingOf, type Stored, type StoredDocument } from '../read-models.js';
import { type DocumentRow, documentIn, rowOf } from './rows.js';

/** Option of a find whose rows are to be compared with what is to be stored: the driver reads an integer and a double as the same number. */
export const AS_BYTES = { raw: true } as const;

/** A row that was found with `AS_BYTES`. */
export function rowIn(bytes: Uint8Array): DocumentRow {
  return BSON.deserialize(bytes) as DocumentRow;
}

/** What the driver gives for a row that was found with `AS_BYTES`, whatever its types say. */
export function bytesOf(found: unknown): Uint8Array {
  if (!(found instanceof Uint8Array)) throw new TypeError('a row was not found as bytes');
  return found;
}

/** The document of a row with its position and listing, and whether it is stored as its projection declares. */
export function storedIn(projection: Projection, bytes: Uint8Array): StoredDocument {
  const row = rowIn(bytes);
  const stored = { key: row._id, ...storedOf(projection, row) };
  const empty = listingOf(projection, null);
  const listed = empty && { listed: { ...empty, ...row.by } };
  const isOtherwise = stored.unreadable === undefined && !isAsDeclared(projection, row, stored, bytes);
  return { ...stored, ...listed, ...(isOtherwise && { isStoredOtherwise: true }) };
}

/** The document of a row, or a mark that it is none. */
export function storedOf(projection: Projection, row: DocumentRow): Stored {
  const { position } = row;
  try {
    return { position, document: documentIn(projection, row) };
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
    return { position, document: null, unreadable: `MongoDB 的集合 ${nameOf(projection)} 已损坏（文档 ${row._id} 无法读取）` };
  }
}

/** Whether writing the document anew would store the same fields with the same types, in whichever order. */
function isAsDeclared(projection: Projection, row: DocumentRow, { document }: Stored, bytes: Uint8Array): boolean {
  if (projection.asText) return true;
  let anew: Uint8Array;
  try {
    anew = BSON.serialize(rowOf(projection, row._id, { position: row.position, document }));
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
  return Buffer.compare(anew, bytes) === 0 || isDeepStrictEqual(typed(anew), typed(bytes));
}

/** With a type of its own for each of BSON's. */
export function typed(bytes: Uint8Array): DocumentRow {
  return BSON.deserialize(bytes, { promoteValues: false }) as DocumentRow;
}
