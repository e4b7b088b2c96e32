import type { ImportFile } from '../files/import-file.js';
import { shownValue } from '../files/shown-value.js';
import { type ChangedColumn, changedColumns } from './column-values.js';
import { type FileChanges, MAX_EXAMPLES, MAX_LINES, MAX_VALUES, type SomeRows } from './file-changes.js';

interface FieldTally {
  rows: number;
  /** By the two values as they may be shown; undefined once there are too many. */
  values: Map<string, { readonly before: string; readonly after: string; rows: number }> | undefined;
  readonly examples: { readonly line: number; readonly before: string; readonly after: string }[];
}

/** Counts what the rows of a file change, line by line in ascending order. */
export class ChangeTally {
  unchanged = 0;
  passwords = 0;
  private created = 0;
  private corrected = 0;
  private readonly events: Record<string, number> = {};
  private readonly fields = new Map<string, FieldTally>();
  private readonly reverts = someRows();
  private readonly toPassed = someRows();
  private readonly toFailed = someRows();

  constructor(private readonly file: ImportFile) {}

  /** A row that restores what later events have replaced. */
  addRevert(line: number): void {
    count(this.reverts, line);
  }

  /** The types of the events of a row. */
  addEvents(types: readonly string[]): void {
    for (const type of types) this.events[type] = (this.events[type] ?? 0) + 1;
  }

  /** A row as it would be after its events, and before: undefined where it was not there. Both opened. */
  addChange(line: number, before: unknown, after: unknown): void {
    if (before === undefined) {
      this.created++;
      return;
    }
    this.corrected++;
    for (const changed of changedColumns(this.file, before, after)) this.addField(line, changed);
    const [passed, passes] = [this.file.isPassed?.(before), this.file.isPassed?.(after)];
    if (passed !== passes) count(passes ? this.toPassed : this.toFailed, line);
  }

  result(): FileChanges {
    const { created, corrected, unchanged, passwords, events, reverts, toPassed, toFailed } = this;
    const fields = Array.from(this.fields, ([column, { rows, values, examples }]) => ({
      column,
      rows,
      values: values ? [...values.values()] : null,
      examples,
    }));
    return { created, corrected, unchanged, reverts, passwords, events, fields, toPassed, toFailed };
  }

  private addField(line: number, { column, ...values }: ChangedColumn): void {
    const before = shownValue(this.file.name, column, values.before);
    const after = shownValue(this.file.name, column, values.after);
    const field: FieldTally = this.fields.get(column) ?? { rows: 0, values: new Map(), examples: [] };
    this.fields.set(column, field);
    field.rows++;
    if (field.examples.length < MAX_EXAMPLES) field.examples.push({ line, before, after });
    if (!field.values) return;
    const pair = JSON.stringify([before, after]);
    const known = field.values.get(pair) ?? { before, after, rows: 0 };
    known.rows++;
    field.values.set(pair, known);
    if (field.values.size > MAX_VALUES) field.values = undefined;
  }
}

function someRows(): { rows: number; readonly lines: number[] } & SomeRows {
  return { rows: 0, lines: [] };
}

function count(some: { rows: number; readonly lines: number[] }, line: number): void {
  some.rows++;
  if (some.lines.length < MAX_LINES) some.lines.push(line);
}
