/** The cursor in an address was not made by `encodeCursor`. */
export class UnreadableCursor extends Error {
  override readonly name = 'UnreadableCursor';
}

/** A position in an index: the value there, and the key of the document. */
export type IndexPosition = readonly [value: string, key: string];

/** A position in an index as URL-safe text. */
export function encodeCursor(position: IndexPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws UnreadableCursor */
export function decodeCursor(cursor: string): IndexPosition {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw new UnreadableCursor('not a cursor', { cause });
  }
  if (!Array.isArray(position) || position.length !== 2) throw new UnreadableCursor('not a cursor');
  const [value, key] = position;
  if (typeof value !== 'string' || typeof key !== 'string') throw new UnreadableCursor('not a cursor');
  return [value, key];
}
