import type { Position } from '../../event-store/event.js';
import type { ReadModel } from '../projection.js';
import { listingOf, type Stored } from '../read-models.js';
import { documentOf, type Fields, fieldsOf } from './bson.js';
import { assertSize } from './size.js';

/** A document of a read model with its own fields; the collection has the build's name, such as `bills@1`. */
export interface DocumentRow {
  /** Its key. */
  readonly _id: string;
  readonly position: Position;
  /** Set where there is no document any more. */
  readonly removed?: true;
  /** By index the value under which it is listed; by lookup the values by which it is found. */
  readonly by?: Readonly<Record<string, string | readonly string[]>>;
  /** In builds of earlier releases (`asText`), the whole document as JSON in place of fields; null where it was removed. */
  readonly document?: string | null;
  readonly [field: string]: unknown;
}

/** The row of a document. @throws TypeError, RangeError when it cannot be stored */
export function rowOf(model: ReadModel<unknown>, key: string, stored: Stored): DocumentRow {
  const row = encoded(model, key, stored);
  assertSize(row);
  return row;
}

function encoded(model: ReadModel<unknown>, _id: string, { position, document }: Stored): DocumentRow {
  const by = document === null ? undefined : listedBy(model, document);
  if (model.asText) return { _id, position, document: document === null ? null : JSON.stringify(document), ...(by && { by }) };
  if (document === null) return { _id, position, removed: true };
  return { _id, position, ...(by && { by }), ...fieldsOf(model, document) };
}

/** The document that a row stores; null for a removed one. */
export function documentIn(model: ReadModel<unknown>, row: DocumentRow): unknown {
  if (model.asText) return typeof row.document === 'string' ? JSON.parse(row.document) : null;
  if (row.removed) return null;
  const { _id, position, by, ...fields } = row;
  return documentOf(model, fields satisfies Fields);
}

/** The filter of rows that store a document. */
export function existing({ asText }: ReadModel<unknown>): Readonly<Record<string, unknown>> {
  return asText ? { document: { $ne: null } } : { removed: { $exists: false } };
}

/** The values of indexes and lookups, without indexes that do not list the document. */
function listedBy(model: ReadModel<unknown>, document: unknown): DocumentRow['by'] {
  const listing = listingOf(model, document);
  return listing && Object.fromEntries(Object.entries(listing).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== null));
}
