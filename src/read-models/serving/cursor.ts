/** The cursor in an address was not made by `encodeCursor`. */
export class UnreadableCursor extends Error {
  override readonly name = 'UnreadableCursor';
}

/** A place in an index: the value there, and the key of the document. */
export type Place = readonly [value: string, key: string];

/** A place as URL-safe text. */
export function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws UnreadableCursor */
export function decodeCursor(cursor: string): Place {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw new UnreadableCursor('not a cursor', { cause });
  }
  if (!Array.isArray(place) || place.length !== 2) throw new UnreadableCursor('not a cursor');
  const [value, key] = place;
  if (typeof value !== 'string' || typeof key !== 'string') throw new UnreadableCursor('not a cursor');
  return [value, key];
}
