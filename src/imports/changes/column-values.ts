import { beijing } from '../../kernel/beijing-time.js';
import type { ImportFile } from '../files/import-file.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A column's value as a file says it; instants in Beijing's time. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'Y' : 'N';
  if (Array.isArray(value)) return value.map((item: object) => Object.values(item).join(':')).join(' ');
  const text = String(value);
  return INSTANT.test(text) ? beijing(text) : text;
}

/** A column that differs between two rows, with both values as a file says them. */
export interface ChangedColumn {
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** The columns in which two rows of a file differ. */
export function changedColumns({ columns }: Pick<ImportFile, 'columns'>, before: unknown, after: unknown): readonly ChangedColumn[] {
  const [was, is] = [before, after] as readonly Readonly<Record<string, unknown>>[];
  return Object.keys(columns.shape).flatMap((column) => {
    const changed = { column, before: textOf(was?.[column]), after: textOf(is?.[column]) };
    return changed.before === changed.after ? [] : [changed];
  });
}
