/** Rows of one kind, and the first of them by line. */
export interface SomeRows {
  readonly rows: number;
  readonly lines: readonly number[];
}

/** A column's former and new value as they may be shown. */
interface ShownValues {
  readonly before: string;
  readonly after: string;
}

/** How often a column changes. */
export interface FieldChanges {
  readonly column: string;
  readonly rows: number;
  /** How many rows change from one value to another, most first; null where there are too many to count each. */
  readonly values: readonly (ShownValues & { readonly rows: number })[] | null;
  /** The first by line. */
  readonly examples: readonly (ShownValues & { readonly line: number })[];
}

/** What the good rows of a file would change. */
export interface FileChanges {
  /** Rows of which nothing was recorded before. */
  readonly created: number;
  readonly corrected: number;
  /** Rows that record nothing. */
  readonly unchanged: number;
  /** Rows that were imported before and restore what later events have replaced: refused without `--revert`. */
  readonly reverts: SomeRows;
  /** Candidates who would get their first password. */
  readonly passwords: number;
  /** Events that would be recorded, by type, without those of passwords. */
  readonly events: Readonly<Record<string, number>>;
  readonly fields: readonly FieldChanges[];
  /** Results that become 合格, and that become 不合格. */
  readonly toPassed: SomeRows;
  readonly toFailed: SomeRows;
}

export const MAX_EXAMPLES = 5;
export const MAX_LINES = 20;
export const MAX_VALUES = 100;

const NONE: SomeRows = { rows: 0, lines: [] };
export const NO_CHANGES: FileChanges = {
  created: 0,
  corrected: 0,
  unchanged: 0,
  reverts: NONE,
  passwords: 0,
  events: {},
  fields: [],
  toPassed: NONE,
  toFailed: NONE,
};

/** Both together, in any order. Its size is bounded. */
export function addChanges(one: FileChanges, other: FileChanges): FileChanges {
  const events = { ...one.events };
  for (const [type, count] of Object.entries(other.events)) events[type] = (events[type] ?? 0) + count;
  return {
    created: one.created + other.created,
    corrected: one.corrected + other.corrected,
    unchanged: one.unchanged + other.unchanged,
    reverts: addRows(one.reverts, other.reverts),
    passwords: one.passwords + other.passwords,
    events,
    fields: addFields(one.fields, other.fields),
    toPassed: addRows(one.toPassed, other.toPassed),
    toFailed: addRows(one.toFailed, other.toFailed),
  };
}

function addRows(one: SomeRows, other: SomeRows): SomeRows {
  if (other.rows === 0) return one;
  const lines = [...one.lines, ...other.lines].sort((left, right) => left - right);
  return { rows: one.rows + other.rows, lines: lines.slice(0, MAX_LINES) };
}

function addFields(one: readonly FieldChanges[], other: readonly FieldChanges[]): readonly FieldChanges[] {
  if (other.length === 0) return one;
  const fields = new Map(one.map((field) => [field.column, field]));
  for (const field of other) {
    const known = fields.get(field.column);
    fields.set(field.column, known ? addField(known, field) : field);
  }
  return [...fields.values()].sort((left, right) => right.rows - left.rows || (left.column < right.column ? -1 : 1));
}

function addField(one: FieldChanges, other: FieldChanges): FieldChanges {
  const examples = [...one.examples, ...other.examples].sort((left, right) => left.line - right.line);
  return { column: one.column, rows: one.rows + other.rows, values: addValues(one.values, other.values), examples: examples.slice(0, MAX_EXAMPLES) };
}

function addValues(one: FieldChanges['values'], other: FieldChanges['values']): FieldChanges['values'] {
  if (!one || !other) return null;
  const counted = new Map(one.map((values) => [JSON.stringify([values.before, values.after]), values]));
  for (const values of other) {
    const pair = JSON.stringify([values.before, values.after]);
    counted.set(pair, { ...values, rows: values.rows + (counted.get(pair)?.rows ?? 0) });
  }
  if (counted.size > MAX_VALUES) return null;
  return [...counted.values()].sort((left, right) => right.rows - left.rows || (left.before + left.after < right.before + right.after ? -1 : 1));
}
