import type { ImportFile, RowFault } from './import-file.js';

/** A row after its file kind's checks. */
export type Row = Readonly<Record<string, unknown>>;

/** A typed row, or its faults. */
export type CheckedRow = { readonly row: Row } | { readonly faults: readonly RowFault[] };

/** Control characters, which no column accepts, and U+FFFD, which invalid UTF-8 is decoded as. */
const UNREADABLE = /[^\P{Cc}\t\n\r]|\uFFFD/u;
const BROKEN_UTF_8 = '\uFFFD';

/** Returns the check of a file's records by the columns of its kind. @param header must be valid */
export function rowCheck(file: Pick<ImportFile, 'columns' | 'faults'>, header: readonly string[]): (fields: readonly string[]) => CheckedRow {
  const { columns } = file;
  return (fields) => {
    if (fields.length !== header.length) return { faults: [{ column: '', reason: `这一行有 ${fields.length} 个字段，应有 ${header.length} 个` }] };
    const values: Record<string, string> = {};
    let readable = true;
    for (let at = 0; at < fields.length; at++) {
      const value = fields[at] as string;
      if (UNREADABLE.test(value)) readable = false;
      values[header[at] as string] = value;
    }
    if (!readable) return { faults: unreadable(values) };
    const read = columns.safeParse(values);
    if (!read.success) return { faults: read.error.issues.map(({ path, message }) => ({ column: String(path[0] ?? ''), reason: message })) };
    const faults = file.faults?.(read.data) ?? [];
    return faults.length > 0 ? { faults } : { row: read.data as Row };
  };
}

function unreadable(values: Readonly<Record<string, string>>): readonly RowFault[] {
  return Object.entries(values)
    .filter(([, value]) => UNREADABLE.test(value))
    .map(([column, value]) => ({ column, reason: value.includes(BROKEN_UTF_8) ? '不是正确的 UTF-8 文字' : '含有控制字符' }));
}
