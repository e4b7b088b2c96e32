import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

type Row = Readonly<Record<string, string>>;

/** A column of a row; a missing column is an error of the test's or of the file's. */
export function field(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`no column ${column}`);
  return value;
}

/** The rows of one file of a batch. */
export function rowsOf(folder: string, file: string): readonly Row[] {
  return parse(readFileSync(join(folder, `${file}.csv`)), { columns: true }) as Row[];
}

/** A row's values in some columns as one text. */
export function values(row: Row, ...columns: readonly string[]): string {
  return columns.map((column) => field(row, column)).join('/');
}

/** How many rows there are for each combination of some columns' values. */
export function counts(rows: readonly Row[], ...columns: readonly string[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const row of rows) {
    const key = values(row, ...columns);
    found[key] = (found[key] ?? 0) + 1;
  }
  return found;
}
