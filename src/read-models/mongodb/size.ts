import { Binary, BSON } from 'mongodb';

const LIMIT = 16 * 1024 * 1024;
/** What a statement has beside the row that it writes: the server's limit is one of the whole statement. */
const AROUND = 16 * 1024;
/** At most what an element of BSON takes beside its name and text. */
const ELEMENT = 32;
/** Bytes in UTF-8 of a unit of text, at most. */
const UNIT = 3;

/** That MongoDB can hold a row. Encoding each only to measure it would double the cost of writing. @throws RangeError */
export function assertSize(row: Readonly<Record<string, unknown>>): void {
  if (mostBytes(row) <= LIMIT - AROUND) return;
  const bytes = BSON.calculateObjectSize(row);
  if (bytes > LIMIT - AROUND) throw new RangeError(`文档有 ${bytes} 字节，MongoDB 的一个文档不能超过 ${LIMIT - AROUND} 字节`);
}

/** More than the BSON of a value takes, or as much. */
function mostBytes(value: unknown): number {
  if (typeof value === 'string') return UNIT * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Binary) return value.length();
  let bytes = 0;
  for (const [name, each] of Object.entries(value)) bytes += ELEMENT + UNIT * name.length + mostBytes(each);
  return bytes;
}
