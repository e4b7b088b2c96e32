import type { Columns, CorrectionKind } from '../correction.js';
import { WAS } from '../preview/decide-row.js';

/** What is wrong with a row, by column where it is one. */
export interface ColumnFault {
  readonly column: string;
  readonly reason: string;
}

/** The columns that a row of a kind may have beside its admission number. */
export function columnsOf({ columns }: CorrectionKind): readonly string[] {
  return [...Object.keys(columns.shape), WAS];
}

/** What is wrong with what a row says; undefined for a row that can be proposed. Whether it agrees with what is recorded is decided later. */
export function faultOf({ columns }: CorrectionKind, { [WAS]: _, ...given }: Columns): ColumnFault | undefined {
  const read = columns.safeParse(given);
  if (read.success) return undefined;
  const [issue] = read.error.issues;
  const column = String(issue?.path[0] ?? '');
  return { column, reason: column in given ? (issue?.message ?? '') : '缺少这一列' };
}
